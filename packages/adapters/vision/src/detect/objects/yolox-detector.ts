import type { ObjectDetectorOptions } from "../detect-options.ts";
import type { Detector } from "../detect.ts";
import { cocoLabels } from "./coco-labels.ts";
import { yoloxCandidates } from "./yolox-candidates.ts";

/**
 * YOLOX (Ge et al., arXiv:2107.08430): a letterbox at the top left, padded with 114, blue first, values 0-255 as they are
 * (`ValTransform` in Megvii's YOLOX).
 */
export function yoloxDetector({ model, sizePixels }: ObjectDetectorOptions): Detector {
  return {
    model,
    inputName: "images",
    input: {
      widthPixels: sizePixels,
      heightPixels: sizePixels,
      fit: "letterbox",
      colours: "bgr",
      mean: 0,
      divisor: 1,
      pad: 114,
    },
    classes: "coco-80",
    labels: cocoLabels,
    candidates(outputs, { scaleX, scaleY }, minScore) {
      const head = { model, sizePixels, classCount: cocoLabels.length, minScore };
      return yoloxCandidates(outputs["output"], head).map(({ box: [left, top, right, bottom], ...rest }) => ({
        ...rest,
        box: [left / scaleX, top / scaleY, right / scaleX, bottom / scaleY],
      }));
    },
  };
}
