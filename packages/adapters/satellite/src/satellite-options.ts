import { z } from "zod";
import { segmentModelSchema } from "./segment/segment-options.ts";

/** Options of the adapter: what the operator decides. */
export const satelliteOptionsSchema = z.strictObject({
  /** Most scenes one request may read. */
  maxScenes: z.int().min(1).max(10_000).default(1000),
  /** Most pixels of an area on the grid of the finest band. */
  maxAreaPixels: z.int().min(1).default(400_000_000),
  /** A model that says what each pixel is; without one there is no `satellite.segment`. */
  segment: segmentModelSchema.optional(),
});

export type SatelliteOptions = Readonly<z.infer<typeof satelliteOptionsSchema>>;
export type SatelliteOptionsInput = Readonly<z.input<typeof satelliteOptionsSchema>>;
