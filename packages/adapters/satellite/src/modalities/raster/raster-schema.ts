import { z } from "zod";
import { gridSchema } from "../../grid/grid.ts";
import { products } from "../../products/product.ts";

/** Numbers a band may hold. */
export const rasterDtypes = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"] as const;

/** Where the numbers of a band lie: bytes that are here, an address that is read in ranges, or the numbers themselves. */
const bandSourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("file"), blob: z.instanceof(Blob) }),
  z.strictObject({ kind: z.literal("remote"), href: z.url() }),
  z.strictObject({
    kind: z.literal("values"),
    /** Row by row, from the upper left. */
    values: z.custom<RasterValues>((value) => ArrayBuffer.isView(value) && !(value instanceof DataView)),
  }),
]);

/** Numbers of one band, row by row from the upper left. */
export type RasterValues =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** What the numbers of a band are. */
export const bandContents = ["reflectance", "classes", "bits", "probability", "index", "elevation", "other"] as const;

const bandSchema = z.strictObject({
  /** STAC common name where there is one ("red", "nir", "swir16"), else the product's own: "scl", "qa_pixel", "ndvi". */
  name: z.string().min(1),
  /** What the numbers are: digital numbers of reflectance, classes, quality bits, or the quantity itself. */
  holds: z.enum(bandContents),
  source: bandSourceSchema,
  /** Which sample of a file that has several; 0 is the first. */
  sample: z.int().nonnegative(),
  /** Absent until the file has been opened. */
  dtype: z.enum(rasterDtypes).optional(),
  /** As catalogue or file state it: value = number · scale + offset. Not yet believed: see radiometry. */
  scale: z.number().optional(),
  offset: z.number().optional(),
  /** Number that says that nothing was observed. */
  nodata: z.union([z.number(), z.nan()]).optional(),
  /** Absent until the file has been opened. */
  grid: gridSchema.optional(),
});

/** One acquisition: bands of one product and one time, each on a grid of its own. Numbers are read by window, never whole. */
export const rasterSchema = z.strictObject({
  /** Name of the scene, unique in its catalogue; or of the file. */
  id: z.string().min(1),
  product: z.enum(products),
  /** When it was taken, ISO 8601 in UTC; absent when nobody knows. */
  acquiredAt: z.iso.datetime().optional(),
  /** Catalogue it comes from: the address of the STAC item. */
  catalogue: z.string().optional(),
  /** What radiometry is decided from. */
  processing: z
    .strictObject({
      /** "04.00" of Sentinel-2. */
      baseline: z.string().optional(),
      /** What the catalogue says; not always true. */
      boaOffsetApplied: z.boolean().optional(),
    })
    .readonly()
    .optional(),
  /** Share of clouds that the catalogue states, 0-1. */
  cloudShare: z.number().min(0).max(1).optional(),
  /** West, south, east, north in degrees, when the catalogue states it. */
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly().optional(),
  bands: z.array(bandSchema).min(1).readonly(),
});

export type RasterBand = Readonly<z.infer<typeof bandSchema>>;
export type Raster = Readonly<z.infer<typeof rasterSchema>>;
export type RasterDtype = (typeof rasterDtypes)[number];
