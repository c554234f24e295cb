import type { FaceDetectorOptions } from "../detect-options.ts";
import type { Detector } from "../detect.ts";
import { faceCandidates } from "./face-candidates.ts";

/** UltraFace: the whole picture squashed into the input, red first, (value - 127) / 128. */
export function faceDetector({ model, widthPixels, heightPixels }: FaceDetectorOptions): Detector {
  return {
    model,
    inputName: "input",
    input: { widthPixels, heightPixels, fit: "squash", colours: "rgb", mean: 127, divisor: 128, pad: 0 },
    classes: "faces",
    labels: ["face"],
    candidates: (outputs, picture, minScore) =>
      faceCandidates(outputs, {
        model,
        widthPixels: picture.widthPixels,
        heightPixels: picture.heightPixels,
        minScore,
      }),
  };
}
