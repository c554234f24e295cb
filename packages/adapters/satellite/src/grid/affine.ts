import type { Grid, PixelWindow } from "./grid.ts";

export type Affine = Grid["affine"];

/** Place of a point of the pixel plane; (0, 0) is the upper left corner of the first pixel. */
export function toPlace([a, b, c, d, e, f]: Affine, column: number, row: number): readonly [number, number] {
  return [a * column + b * row + c, d * column + e * row + f];
}

/** The affine of the way back: place to pixel plane. */
export function inverted([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  return [
    e / determinant,
    -b / determinant,
    (b * f - c * e) / determinant,
    -d / determinant,
    a / determinant,
    (c * d - a * f) / determinant,
  ];
}

/** Width and height of a pixel in the units of the reference system, turned grids included. */
export function pixelSize({ affine: [a, b, , d, e] }: Grid): readonly [number, number] {
  return [Math.hypot(a, d), Math.hypot(b, e)];
}

/** The same grid, cut to a window. */
export function windowGrid(grid: Grid, window: PixelWindow): Grid {
  const [a, b, , d, e] = grid.affine;
  const [c, f] = toPlace(grid.affine, window.column, window.row);
  return {
    crs: grid.crs,
    affine: [a, b, c, d, e, f],
    widthPixels: window.widthPixels,
    heightPixels: window.heightPixels,
  };
}

/** The part of a window that lies on the grid; undefined when nothing does. */
export function clippedWindow(grid: Grid, window: PixelWindow): PixelWindow | undefined {
  const column = Math.max(0, Math.floor(window.column));
  const row = Math.max(0, Math.floor(window.row));
  const right = Math.min(grid.widthPixels, Math.ceil(window.column + window.widthPixels));
  const bottom = Math.min(grid.heightPixels, Math.ceil(window.row + window.heightPixels));
  if (!(right > column && bottom > row)) return undefined;
  return { column, row, widthPixels: right - column, heightPixels: bottom - row };
}

/** Whether two grids have the same pixels. */
export function isSameGrid(one: Grid, other: Grid): boolean {
  const size = Math.max(...pixelSize(one));
  return (
    one.crs === other.crs &&
    one.widthPixels === other.widthPixels &&
    one.heightPixels === other.heightPixels &&
    one.affine.every((value, index) => Math.abs(value - (other.affine[index] ?? 0)) < size * 1e-6)
  );
}

/**
 * Where a grid lies on another one that has the very same pixels, whole pixels apart; undefined when it does not. The
 * window may reach beyond the other grid.
 */
export function alignedWindow(grid: Grid, other: Grid): PixelWindow | undefined {
  if (grid.crs !== other.crs) return undefined;
  const size = Math.max(...pixelSize(other));
  // Over the whole width the difference must stay below a hundredth of a pixel.
  const side = Math.max(grid.widthPixels, grid.heightPixels);
  const isSame = [0, 1, 3, 4].every(
    (index) => Math.abs((grid.affine[index] ?? 0) - (other.affine[index] ?? 0)) * side < size / 100,
  );
  if (!isSame) return undefined;
  const [column, row] = toPlace(inverted(other.affine), grid.affine[2], grid.affine[5]);
  const [wholeColumn, wholeRow] = [Math.round(column), Math.round(row)];
  if (Math.abs(column - wholeColumn) > 0.01 || Math.abs(row - wholeRow) > 0.01) return undefined;
  return { column: wholeColumn, row: wholeRow, widthPixels: grid.widthPixels, heightPixels: grid.heightPixels };
}
