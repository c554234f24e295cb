import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignedWindow, clippedWindow, inverted, isSameGrid, pixelSize, toPlace, windowGrid } from "./affine.ts";
import type { Grid } from "./grid.ts";

const grid: Grid = {
  crs: "EPSG:32633",
  affine: [10, 0, 500_000, 0, -10, 5_000_000],
  widthPixels: 100,
  heightPixels: 80,
};

describe("affine maps", () => {
  it("lead there and back, turned grids included", () => {
    const size = fc.double({ min: 1, max: 60, noNaN: true });
    const turn = fc.double({ min: -0.9, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(size, size, turn, turn, fc.integer({ min: -500, max: 500 }), (a, e, b, d, column) => {
        const affine = [a, b, 4e5, d, -e, 5e6] as const;
        const [x, y] = toPlace(affine, column, column / 3);
        const [back, row] = toPlace(inverted(affine), x, y);
        expect(Math.abs(back - column) + Math.abs(row - column / 3)).toBeLessThan(1e-5);
      }),
    );
  });

  it("cut grids to windows, which lie on them where they were cut", () => {
    const window = { column: 7, row: 9, widthPixels: 20, heightPixels: 10 };
    const cut = windowGrid(grid, window);
    expect(cut.affine).toEqual([10, 0, 500_070, 0, -10, 4_999_910]);
    expect(alignedWindow(cut, grid)).toEqual(window);
    expect(alignedWindow(grid, cut)).toEqual({ column: -7, row: -9, widthPixels: 100, heightPixels: 80 });
    expect(alignedWindow({ ...cut, affine: [10, 0, 500_073, 0, -10, 4_999_910] }, grid)).toBeUndefined();
    expect(alignedWindow({ ...cut, crs: "EPSG:32634" }, grid)).toBeUndefined();
    expect(alignedWindow({ ...cut, affine: [20, 0, 500_070, 0, -20, 4_999_910] }, grid)).toBeUndefined();
  });

  it("clip windows to a grid, and say when nothing is left", () => {
    expect(clippedWindow(grid, { column: -5, row: 70.5, widthPixels: 10, heightPixels: 50 })).toEqual({
      column: 0,
      row: 70,
      widthPixels: 5,
      heightPixels: 10,
    });
    expect(clippedWindow(grid, { column: 100, row: 0, widthPixels: 5, heightPixels: 5 })).toBeUndefined();
    expect(clippedWindow(grid, { column: Number.NaN, row: 0, widthPixels: 5, heightPixels: 5 })).toBeUndefined();
  });

  it("know equal grids and the size of turned pixels", () => {
    expect(isSameGrid(grid, { ...grid, affine: [10, 0, 500_000.000_001, 0, -10, 5_000_000] })).toBe(true);
    expect(isSameGrid(grid, { ...grid, affine: [10, 0, 500_001, 0, -10, 5_000_000] })).toBe(false);
    expect(isSameGrid(grid, { ...grid, widthPixels: 99 })).toBe(false);
    expect(pixelSize({ ...grid, affine: [6, 8, 0, 8, -6, 0] })).toEqual([10, 10]);
  });
});
