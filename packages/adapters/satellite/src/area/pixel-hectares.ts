import { toPlace } from "../grid/affine.ts";
import type { Projection } from "../grid/crs.ts";
import type { Grid } from "../grid/grid.ts";
import type { Position } from "../modalities/features/features-schema.ts";
import { hectaresOf } from "./geodesic-area.ts";

/** Pixels within such a square count as equally large: in UTM that errs by less than a ten-millionth. */
const BLOCK_PIXELS = 64;

/** True area of each pixel of a grid on the ellipsoid in hectares, row by row. UTM alone is up to 0.2 % off. */
export function pixelHectares(grid: Grid, toLonLat: Projection): Float64Array {
  const { affine, widthPixels, heightPixels } = grid;
  const hectares = new Float64Array(widthPixels * heightPixels);
  for (let top = 0; top < heightPixels; top += BLOCK_PIXELS) {
    const bottom = Math.min(heightPixels, top + BLOCK_PIXELS);
    for (let left = 0; left < widthPixels; left += BLOCK_PIXELS) {
      const right = Math.min(widthPixels, left + BLOCK_PIXELS);
      const corners = [
        [left, top],
        [left, bottom],
        [right, bottom],
        [right, top],
        [left, top],
      ] as const;
      const ring = corners.map(([column, row]): Position => [...toLonLat(...toPlace(affine, column, row))]);
      const block = hectaresOf({ type: "Polygon", coordinates: [ring] });
      const each = block / ((right - left) * (bottom - top));
      for (let row = top; row < bottom; row++) hectares.fill(each, row * widthPixels + left, row * widthPixels + right);
    }
  }
  return hectares;
}
