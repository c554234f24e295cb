import { type Adapter, defineAdapter } from "@stargate/kernel";
import { clipModels } from "./clip/clip-models.ts";
import { createClipTransforms } from "./clip/clip-transforms.ts";
import { detectModels } from "./detect/detect-models.ts";
import { createDetectTransforms } from "./detect/detect-transforms.ts";
import { checkVision } from "./vision-check.ts";
import { parseVisionOptions, type VisionOptionsInput } from "./vision-options.ts";

/**
 * Pictures and texts as vectors in one space; objects and faces in pictures. Needs a host with a compute plane, and a backend for ONNX models.
 * Throws SG_OPTIONS_INVALID.
 * @example
 * const gate = await openGate({ adapters: [vision(), onnx()], host });
 * const { value } = await gate.run(file, { to: "embedding" });
 */
export function vision(input: VisionOptionsInput = {}): Adapter {
  const options = parseVisionOptions(input);
  const { embedImage, embedText, embedPair } = createClipTransforms(options);
  const { detectObjects, detectFaces } = createDetectTransforms(options);
  return defineAdapter({
    spec: 1,
    id: "vision",
    version: "0.1.0",
    summary: "Pictures and texts as vectors in one space (CLIP), objects and faces in pictures",
    transforms: [embedImage, embedText, embedPair, detectObjects, detectFaces],
    models: [...clipModels, ...detectModels],
    check: checkVision,
  });
}
