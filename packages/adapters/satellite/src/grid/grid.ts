import { z } from "zod";

const finite = z.number();

/**
 * Where the pixels of a raster lie on the earth: pixel (column, row) has its upper left corner at
 * x = a·column + b·row + c, y = d·column + e·row + f in the units of the reference system.
 */
export const gridSchema = z.strictObject({
  /** "EPSG:32633". */
  crs: z.string().regex(/^EPSG:\d{4,6}$/),
  /** [a, b, c, d, e, f], in the order of rasterio's Affine; north-up rasters have b = d = 0, e < 0. */
  affine: z.tuple([finite, finite, finite, finite, finite, finite]).readonly(),
  widthPixels: z.int().min(1),
  heightPixels: z.int().min(1),
});

export type Grid = Readonly<z.infer<typeof gridSchema>>;

/** A rectangle of pixels of a grid. */
export interface PixelWindow {
  readonly column: number;
  readonly row: number;
  readonly widthPixels: number;
  readonly heightPixels: number;
}
