import { z } from "zod";

/** An encoded file, kept as a Blob: document and image values. */
export const encodedMediaSchema = z.strictObject({
  blob: z.instanceof(Blob),
  mediaType: z.string(),
  name: z.string().optional(),
});

/** Decoded pixels, row-major, interleaved channels, 8 bits each. */
export const pixelsSchema = z.strictObject({
  /** length = width * height * channels */
  data: z.instanceof(Uint8Array) as z.ZodType<Uint8Array<ArrayBuffer>>,
  widthPixels: z.int().min(1),
  heightPixels: z.int().min(1),
  /** 1 grey, 3 RGB, 4 RGBA */
  channels: z.union([z.literal(1), z.literal(3), z.literal(4)]),
  /** Resolution of the scan, when known. */
  dpi: z.number().positive().optional(),
});

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Rows under named columns. */
export const tableSchema = z.strictObject({
  columns: z.array(z.string()).readonly(),
  rows: z.array(z.array(cell).readonly()).readonly(),
});

export type EncodedMedia = z.infer<typeof encodedMediaSchema>;
export type Pixels = z.infer<typeof pixelsSchema>;
export type Table = z.infer<typeof tableSchema>;
