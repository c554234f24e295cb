import { defineTransform, detections, image } from "@stargate/kernel";
import type { VisionOptions } from "../vision-options.ts";
import { faceOptionsSchema, objectOptionsSchema } from "./detect-options.ts";
import { detect } from "./detect.ts";
import { faceDetector } from "./faces/face-detector.ts";
import { yoloxDetector } from "./objects/yolox-detector.ts";

/** Milliseconds of one picture on one core, decoding included, before anything was measured. */
const OBJECTS_MS = 45;
const FACES_MS = 20;

/** The transforms that find things in pictures, on the models the options name. */
export function createDetectTransforms({ maxPixels, ...models }: VisionOptions) {
  const objects = yoloxDetector(models.objects);
  const faces = faceDetector(models.faces);
  const shared = {
    version: "1.0.0",
    from: image,
    to: detections,
    coverage: "reported",
    loss: { content: 1 },
  } as const;

  const detectObjects = defineTransform({
    ...shared,
    id: "vision.detect-objects",
    summary: "People, animals, vehicles and other things in a picture, with boxes",
    options: objectOptionsSchema,
    cost: () => ({ ms: OBJECTS_MS }),
    ladder: [{ name: "default", model: objects.model }],
    run: (input, context) => detect(input, context, { detector: objects, maxPixels }),
  });

  const detectFaces = defineTransform({
    ...shared,
    id: "vision.detect-faces",
    summary: "Faces in a picture, with boxes",
    options: faceOptionsSchema,
    cost: () => ({ ms: FACES_MS }),
    ladder: [{ name: "default", model: faces.model }],
    // Somebody who asks for "detections" means objects; faces are named.
    plannable: false,
    run: (input, context) => detect(input, context, { detector: faces, maxPixels }),
  });

  return { detectObjects, detectFaces };
}
