import { type Adapter, defineAdapter } from "@stargate/kernel";
import { clipModels } from "./clip/clip-models.ts";
import { createClipTransforms } from "./clip/clip-transforms.ts";
import { checkVision } from "./vision-check.ts";
import { parseVisionOptions, type VisionOptionsInput } from "./vision-options.ts";

/**
 * Pictures and texts as vectors in one space. Needs a host with a compute plane, and a backend for ONNX models.
 * Throws SG_OPTIONS_INVALID.
 * @example
 * const gate = await openGate({ adapters: [vision(), onnx()], host });
 * const { value } = await gate.run(file, { to: "embedding" });
 */
export function vision(input: VisionOptionsInput = {}): Adapter {
  const { embedImage, embedText, embedPair } = createClipTransforms(parseVisionOptions(input));
  return defineAdapter({
    spec: 1,
    id: "vision",
    version: "0.1.0",
    summary: "Pictures and texts as vectors in one space (CLIP)",
    transforms: [embedImage, embedText, embedPair],
    models: clipModels,
    check: checkVision,
  });
}
