import type { TaskContext } from "@stargate/kernel";
import { readImage } from "../../decode/read-image.ts";
import { releaseMemory } from "../../decode/release-memory.ts";
import { type DetectorInput, detectorInput, type ScaledPicture } from "./detector-input.ts";

/** A picture and how a detector wants it; structured-cloneable. */
export interface PreparePictureInput {
  readonly source: Blob;
  readonly maxPixels: number;
  readonly input: DetectorInput;
}

export interface PreparedPicture extends ScaledPicture {
  /** Size of the picture, upright. */
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Pictures in the file, of which the first was read. */
  readonly pages: number;
}

/** Decodes a picture and makes a detector's input of it. Throws what `readImage` throws. */
export async function preparePicture(
  { source, maxPixels, input }: PreparePictureInput,
  { signal, transfer }: TaskContext,
): Promise<PreparedPicture> {
  const image = await readImage(source, maxPixels);
  signal.throwIfAborted();
  const { widthPixels, heightPixels, pages } = image;
  const scaled = detectorInput(image, input);
  releaseMemory(image.data);
  transfer([scaled.values.buffer]);
  return { ...scaled, widthPixels, heightPixels, pages };
}
