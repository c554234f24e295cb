import { clippedWindow } from "../grid/affine.ts";
import type { Grid } from "../grid/grid.ts";
import type { OpenScene } from "../read/open-scene.ts";
import type { BlockMask } from "./index-block-task.ts";

const LEVELS = { uint8: 256, uint16: 65_536 } as const;

/**
 * The mask of a block, still compressed: where it lies along the same axes, so that the nearest of its pixels are found column by
 * column and row by row. Undefined where that is not so, or there is none. Rejects with what reading throws.
 */
export function fetchMask({ mask, maskBand }: OpenScene, target: Grid): Promise<BlockMask> | undefined {
  const { dtype, grid, fetchWindow: take, nodata } = maskBand ?? {};
  if (grid === undefined || take === undefined || (dtype !== "uint8" && dtype !== "uint16")) return undefined;
  if (grid.crs !== target.crs || !isNorthUp(target) || !isNorthUp(grid)) return undefined;
  const [width, , west, , height, north] = target.affine;
  const [maskWidth, , maskWest, , maskHeight, maskNorth] = grid.affine;
  // Middles of pixels on the plane of the mask's.
  const across = Float64Array.from(
    { length: target.widthPixels },
    (_, x) => (west + (x + 0.5) * width - maskWest) / maskWidth,
  );
  const down = Float64Array.from(
    { length: target.heightPixels },
    (_, y) => (north + (y + 0.5) * height - maskNorth) / maskHeight,
  );
  const [left = 0, right = 0] = [across[0], across.at(-1)];
  const [top = 0, bottom = 0] = [down[0], down.at(-1)];
  const window = clippedWindow(grid, {
    column: Math.floor(left),
    row: Math.floor(top),
    widthPixels: Math.floor(right) + 1 - Math.floor(left),
    heightPixels: Math.floor(bottom) + 1 - Math.floor(top),
  });
  if (window === undefined) return undefined;
  const places = (points: Float64Array, first: number, length: number): Int32Array =>
    Int32Array.from(points, (point) => {
      const place = Math.floor(point) - first;
      return place >= 0 && place < length ? place : -1;
    });
  const isClear = Uint8Array.from({ length: LEVELS[dtype] }, (_, value) => (mask.isClear(value) ? 1 : 0));
  const columns = places(across, window.column, window.widthPixels);
  const rows = places(down, window.row, window.heightPixels);
  return take(window).then((piece) => ({ piece, nodata, isClear, columns, rows }));
}

const isNorthUp = ({ affine: [a, b, , d, e] }: Grid): boolean => b === 0 && d === 0 && a > 0 && e < 0;
