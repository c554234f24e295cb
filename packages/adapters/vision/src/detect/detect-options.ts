import { z } from "zod";
import { cocoLabels } from "./objects/coco-labels.ts";

/** Which model finds objects, of the adapter's options. */
export const objectDetectorSchema = z.strictObject({
  /** A YOLOX model trained on COCO, exported raw: `images` [1, 3, size, size] -> `output` [1, cells, 85]. */
  model: z.string().min(1).default("yolox-nano"),
  /** Side of the square it reads: 416 for nano and tiny, 640 for the larger ones. */
  sizePixels: z.int().min(32).max(4096).multipleOf(32).default(416),
});

/** Which model finds faces. */
export const faceDetectorSchema = z.strictObject({
  /** An UltraFace model: `input` [1, 3, height, width] -> `scores` [1, n, 2] and `boxes` [1, n, 4]. */
  model: z.string().min(1).default("ultraface-rfb-320"),
  widthPixels: z.int().min(32).max(4096).default(320),
  heightPixels: z.int().min(32).max(4096).default(240),
});

const shared = {
  /** Detections in the answer; an issue counts what is left out. */
  max: z.int().min(1).max(10_000).default(100),
};
const share = z.number().min(0).max(1);

/** Options of `vision.detect-objects`. */
export const objectOptionsSchema = z.strictObject({
  /** Least score, 0-1. */
  minScore: share.min(0.01).default(0.3),
  /** Of boxes of one class that overlap by more (intersection over union), the most certain stays. */
  maxOverlap: share.default(0.45),
  /** Only these labels; all by default. */
  classes: z.array(z.enum(cocoLabels)).min(1).readonly().optional(),
  ...shared,
});

/** Options of `vision.detect-faces`. */
export const faceOptionsSchema = z.strictObject({
  minScore: share.min(0.01).default(0.7),
  maxOverlap: share.default(0.3),
  ...shared,
});

export type ObjectDetectorOptions = Readonly<z.infer<typeof objectDetectorSchema>>;
export type FaceDetectorOptions = Readonly<z.infer<typeof faceDetectorSchema>>;
