import { z } from "zod";
import { maskSchema, maskTasks } from "../mask/mask-options.ts";
import { radiometrySchema } from "../radiometry/radiometry-decision.ts";

const modelFileSchema = z.strictObject({
  /** Where it lies: an absolute path, or an https or file URL. */
  from: z.string().min(1),
  /** What `sha256sum` prints. Without it the model has to be accepted before it is used. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "expected 64 hex digits in lower case")
    .optional(),
  summary: z.string().default("Segmentation of scenes, declared in the configuration"),
  licence: z.string().min(1).default("NOASSERTION"),
});

const perBand = z.array(z.number()).min(1).readonly();

/** A model of the operator's own that says what each pixel is, and how it wants its input. */
export const segmentModelSchema = z
  .strictObject({
    /** An ONNX file: where it lies, or more about it; or the id of a model that is declared elsewhere. */
    model: z.union([
      z
        .string()
        .min(1)
        .transform((from) => modelFileSchema.parse({ from })),
      modelFileSchema,
      z.strictObject({ id: z.string().min(1) }),
    ]),
    /** Name of its input, float32 [tiles, bands, tilePixels, tilePixels]. */
    input: z.string().min(1).default("input"),
    /** Name of its output, float32: [tiles, classes, tilePixels, tilePixels], or [tiles, classes] for a whole tile. */
    output: z.string().min(1).default("output"),
    /** Bands it reads, by their common names, in its order. */
    bands: z.array(z.string().min(1)).min(1).max(32).readonly(),
    /** What its output channels are, in their order. One class is "this or not": a sigmoid, and a half. */
    classes: z.array(z.string().min(1)).min(1).max(64).readonly(),
    /** Side of the squares it reads. */
    tilePixels: z.int().min(16).max(2048).default(256),
    /** How far neighbours reach into each other; their answers are blended there. At least four times what one pixel sees. */
    overlapPixels: z.int().min(0).max(1024).default(64),
    /** Subtracted from the reflectance (0-1) of each band, and what it is divided by. Absent: reflectance as it is. */
    normalise: z.strictObject({ mean: perBand, std: perBand }).optional(),
    /** How outputs become probabilities. Default: softmax, a sigmoid for a single class. */
    activation: z.enum(["softmax", "sigmoid", "none"]).optional(),
    /** Tiles in one run of the model. */
    batchTiles: z.int().min(1).max(256).default(4),
  })
  .refine(({ tilePixels, overlapPixels }) => overlapPixels <= tilePixels / 2, {
    message: "is at most half of tilePixels",
    path: ["overlapPixels"],
  })
  .refine(({ bands, normalise }) => normalise === undefined || normalise.mean.length === bands.length, {
    message: "has a number for each band",
    path: ["normalise", "mean"],
  })
  .refine(
    ({ bands, normalise }) =>
      normalise === undefined || (normalise.std.length === bands.length && normalise.std.every((one) => one > 0)),
    { message: "has a positive number for each band", path: ["normalise", "std"] },
  );

export type SegmentModel = Readonly<z.infer<typeof segmentModelSchema>>;

/** What a caller may ask for. */
export const segmentOptionsSchema = z.strictObject({
  /** One band of classes (0, 1, ... in the order of the model; 255: not observed), or one band of probability for each. */
  output: z.enum(["classes", "probabilities"]).default("classes"),
  /** Which pixels the product's mask takes away. */
  task: z.enum(maskTasks).default("vegetation"),
  mask: maskSchema.default("auto"),
  radiometry: radiometrySchema.default("auto"),
});
