import { parseStrictly } from "@stargate/kernel";
import { z } from "zod";
import { faceDetectorSchema, objectDetectorSchema } from "./detect/detect-options.ts";

const perColour = z.tuple([z.number(), z.number(), z.number()]).readonly();
const positivePerColour = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).readonly();

/**
 * Which pair of towers makes embeddings, and how they want their inputs. The defaults are CLIP ViT-B/32; a pair of
 * one's own is declared as two models and named here.
 */
const clipOptionsSchema = z.strictObject({
  /** Name of the space both towers share: `model` of the embeddings. */
  space: z.string().min(1).default("clip-vit-base-patch32"),
  /** `pixel_values` float32 [n, 3, size, size] -> `image_embeds` float32 [n, dimensions]. */
  imageModel: z.string().min(1).default("clip-vit-base-patch32-vision"),
  /** `input_ids` int64 [n, tokens] -> `text_embeds` float32 [n, dimensions]; `tokenizer.json` among its assets. */
  textModel: z.string().min(1).default("clip-vit-base-patch32-text"),
  /** Whether the text model takes `attention_mask` int64 [n, tokens], too: exports differ. */
  attentionMask: z.boolean().default(false),
  /** Side of the square the image model reads. */
  imageSizePixels: z.int().min(16).max(2048).default(224),
  /** Tokens the text model reads, start and end mark included. */
  contextTokens: z.int().min(3).max(2048).default(77),
  /** Mean and standard deviation of red, green and blue over the training pictures, 0-1 (openai/CLIP `clip.py`). */
  mean: perColour.default([0.48145466, 0.4578275, 0.40821073]),
  std: positivePerColour.default([0.26862954, 0.26130258, 0.27577711]),
});

/** Options of the adapter: what the operator decides. */
const visionOptionsSchema = z.strictObject({
  /** Pixels an image may have. */
  maxPixels: z.int().min(10_000).max(1_000_000_000).default(50_000_000),
  clip: clipOptionsSchema.prefault({}),
  objects: objectDetectorSchema.prefault({}),
  faces: faceDetectorSchema.prefault({}),
});

export type VisionOptions = Readonly<z.infer<typeof visionOptionsSchema>>;
export type VisionOptionsInput = Readonly<z.input<typeof visionOptionsSchema>>;

/** Options with their defaults. Throws SG_OPTIONS_INVALID, with the nearest name for an unknown one. */
export function parseVisionOptions(input: VisionOptionsInput): VisionOptions {
  return parseStrictly("Options of the vision adapter", visionOptionsSchema, input);
}
