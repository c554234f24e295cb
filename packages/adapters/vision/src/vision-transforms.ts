import { createClipTransforms } from "./clip/clip-transforms.ts";
import { createDetectTransforms } from "./detect/detect-transforms.ts";
import { parseVisionOptions } from "./vision-options.ts";

/**
 * The adapter's transforms by verb, typed for the pipeline builder. A pipeline names them; the gate runs those of the
 * adapter it has opened, with its options.
 * @example
 * const search = pipeline("search", { image, text }, (g, inputs) => g.step("embed", visionTransforms.embedPair, inputs));
 */
export const visionTransforms = Object.freeze({
  ...createClipTransforms(parseVisionOptions({})),
  ...createDetectTransforms(parseVisionOptions({})),
});
