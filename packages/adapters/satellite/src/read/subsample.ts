import type { PixelWindow } from "../grid/grid.ts";
import type { RasterValues } from "../modalities/raster/raster-schema.ts";
import { createRasterValues, dtypeOfValues } from "./raster-arrays.ts";

/** Every n-th pixel of every n-th row of a window, the middle one of each n; a copy. */
export function subsample(values: RasterValues, rowPixels: number, window: PixelWindow, every: number): RasterValues {
  const width = Math.ceil(window.widthPixels / every);
  const height = Math.ceil(window.heightPixels / every);
  const output = createRasterValues(dtypeOfValues(values), width * height);
  const middle = Math.floor(every / 2);
  for (let y = 0; y < height; y++) {
    const row = (window.row + Math.min(y * every + middle, window.heightPixels - 1)) * rowPixels + window.column;
    if (every === 1) output.set(values.subarray(row, row + width), y * width);
    else
      for (let x = 0; x < width; x++)
        output[y * width + x] = values[row + Math.min(x * every + middle, window.widthPixels - 1)] ?? 0;
  }
  return output;
}
