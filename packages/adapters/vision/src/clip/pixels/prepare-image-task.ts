import { type TaskContext, throwIfCancelled } from "@stargate/kernel";
import { readImage } from "../../decode/read-image.ts";
import { releaseMemory } from "../../decode/release-memory.ts";
import { type Fit, frameImage } from "./frame-image.ts";
import { resizeBicubic } from "./resize-bicubic.ts";
import { type PerColour, toPixelValues } from "./to-pixel-values.ts";

/** A picture and how a model wants it; structured-cloneable. */
export interface PrepareImageInput {
  readonly source: Blob;
  readonly maxPixels: number;
  readonly sizePixels: number;
  readonly fit: Fit;
  readonly mean: PerColour;
  readonly std: PerColour;
}

export interface PreparedImage {
  /** Shape [1, 3, sizePixels, sizePixels]. */
  readonly pixelValues: Float32Array<ArrayBuffer>;
  /** Size of the picture, upright. */
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Pixels of the picture inside the frame. */
  readonly keptPixels: number;
  readonly pages: number;
}

/** Decodes, scales, crops and normalises a picture. Throws what `readImage` throws. */
export async function prepareImage(
  { source, maxPixels, sizePixels, fit, mean, std }: PrepareImageInput,
  { signal, transfer }: TaskContext,
): Promise<PreparedImage> {
  throwIfCancelled(signal);
  const image = await readImage(source, maxPixels);
  throwIfCancelled(signal);
  const framing = frameImage(image, sizePixels, fit);
  const { widthPixels, heightPixels, pages } = image;
  const { resized, kept } = framing;
  const share = (kept.widthPixels / resized.widthPixels) * (kept.heightPixels / resized.heightPixels);
  const square = resizeBicubic(image, framing);
  releaseMemory(image.data);
  const pixelValues = toPixelValues(square, mean, std);
  releaseMemory(square.data);
  transfer([pixelValues.buffer]);
  return {
    pixelValues,
    widthPixels,
    heightPixels,
    keptPixels: Math.round(share * widthPixels * heightPixels),
    pages,
  };
}
