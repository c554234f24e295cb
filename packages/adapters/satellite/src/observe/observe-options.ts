import { z } from "zod";
import { maskSchema, maskTasks } from "../mask/mask-options.ts";
import { radiometrySchema } from "../radiometry/radiometry-decision.ts";

/** How a scene becomes one number for each pixel. */
export const observeOptionsSchema = z.strictObject({
  /** Name of an index ("ndvi", "nbr", "ndsi"), or an expression over bands: "(nir - red) / (nir + red)". */
  index: z.string().min(1).max(1000).default("ndvi"),
  /** What it is for: decides which pixels the product's mask takes away. A glacier's snow stays. */
  task: z.enum(maskTasks).default("vegetation"),
  mask: maskSchema.default("auto"),
  radiometry: radiometrySchema.default("auto"),
  /** Size of the pixels in the units of the reference system. Default: that of the finest band the index needs. */
  pixelSize: z.number().positive().optional(),
});

/** The same on the pixels of an area. */
export const observeAreaOptionsSchema = observeOptionsSchema.extend({
  /** Reference system of the result, "EPSG:32633". Default: the UTM zone in the middle of the area. */
  crs: z
    .string()
    .regex(/^EPSG:\d{4,6}$/)
    .optional(),
});

export type ObserveOptions = Readonly<z.infer<typeof observeOptionsSchema>>;
