import { inverted, toPlace } from "../grid/affine.ts";
import type { Projection } from "../grid/crs.ts";
import type { Grid, PixelWindow } from "../grid/grid.ts";
import { linesOf } from "../modalities/features/positions.ts";
import type { Alert } from "./alert-schema.ts";

/** Least width and height of a chip: enough around a single pixel to see where it lies. */
const MIN_PIXELS = 64;

/**
 * The part of a grid that a picture of an alert shows: the alert with half its size around it, 64 pixels at least, cut at
 * the edge of the grid. Undefined when the alert lies outside of it.
 */
export function chipWindow(
  { geometry }: Pick<Alert, "geometry">,
  { grid, fromLonLat }: { readonly grid: Grid; readonly fromLonLat: Projection },
): PixelWindow | undefined {
  const toPixel = inverted(grid.affine);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of linesOf(geometry)) {
    for (const [longitude, latitude] of line) {
      const [column, row] = toPlace(toPixel, ...fromLonLat(longitude, latitude));
      [left, right] = [Math.min(left, column), Math.max(right, column)];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    }
  }
  const across = span(left, right, grid.widthPixels);
  const down = span(top, bottom, grid.heightPixels);
  if (across === undefined || down === undefined) return undefined;
  return { column: across.from, widthPixels: across.length, row: down.from, heightPixels: down.length };
}

function span(from: number, to: number, limit: number): { readonly from: number; readonly length: number } | undefined {
  if (!(to > 0 && from < limit)) return undefined;
  const size = Math.min(limit, Math.ceil(Math.max(MIN_PIXELS, 2 * (to - from))));
  // At the edge the window moves inwards and stays as large.
  const start = Math.min(limit - size, Math.max(0, Math.round((from + to) / 2 - size / 2)));
  return { from: start, length: size };
}
