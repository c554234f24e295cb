import { defineTask, type Offload } from "@stargate/kernel";
import type { VisionOptions } from "../../vision-options.ts";
import type { Fit } from "./frame-image.ts";
import type { PreparedImage, PrepareImageInput } from "./prepare-image-task.ts";

const prepareImageTask = defineTask<PrepareImageInput, PreparedImage>({
  base: import.meta.url,
  module: "./prepare-image-task",
  export: "prepareImage",
});

/** How a picture is prepared, and for how long anyone waits for it. */
export interface PrepareImageRequest {
  readonly fit: Fit;
  readonly options: VisionOptions;
  readonly signal: AbortSignal;
}

/** Decodes and prepares a picture away from this thread. Throws what `readImage` throws. */
export function prepareImage(
  source: Blob,
  { fit, options, signal }: PrepareImageRequest,
  offload: Offload,
): Promise<PreparedImage> {
  const { imageSizePixels: sizePixels, mean, std } = options.clip;
  return offload(prepareImageTask, { source, maxPixels: options.maxPixels, sizePixels, fit, mean, std }, { signal });
}
