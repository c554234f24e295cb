import { defineModality } from "@stargate/kernel";
import { z } from "zod";

const mapImageSchema = z.strictObject({
  /** The picture, image/png. */
  png: z.instanceof(Blob),
  widthPixels: z.int().min(1),
  heightPixels: z.int().min(1),
  /** West, south, east, north of the map itself, in degrees. */
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly(),
  title: z.string(),
  /** What the colours mean, as drawn. */
  legend: z.array(z.strictObject({ label: z.string(), color: z.string().regex(/^#[0-9a-f]{6}$/) })).readonly(),
  /** Pixels of the map that were observed, and all of them. */
  observedPixels: z.int().nonnegative(),
});

export type MapImage = Readonly<z.infer<typeof mapImageSchema>>;

/** A map to look at: legend and scale bar are part of the picture. Its measure are observed pixels. */
export const mapImage = defineModality({
  id: "map-image",
  summary: "A map to look at, with legend and scale bar",
  schema: mapImageSchema,
  measure: "pixel",
  measureOf: ({ observedPixels }) => observedPixels,
  describe: ({ widthPixels, heightPixels, title }) => ({ widthPixels, heightPixels, title }),
  sizeOf: ({ png }) => png.size,
  codecs: { "image/png": { encode: ({ png }) => png } },
});
