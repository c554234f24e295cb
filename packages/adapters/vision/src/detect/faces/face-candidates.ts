import type { TensorMap } from "@stargate/kernel";
import { fail } from "../../vision-errors.ts";
import type { Candidate } from "../candidate.ts";

/** Size of the picture the boxes are wanted in, and what to leave out. */
export interface FaceHead {
  readonly model: string;
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly minScore: number;
}

/**
 * Boxes of an UltraFace model in pixels of the picture: `scores` [1, n, 2] (no face, face) and `boxes` [1, n, 4] (left,
 * top, right, bottom as shares of the picture). Source: `predict` in Linzaer's Ultra-Light-Fast-Generic-Face-Detector.
 * Throws SG_VISION_MODEL_OUTPUT.
 */
export function faceCandidates(outputs: TensorMap, head: FaceHead): Candidate[] {
  const { scores, boxes, count } = checked(outputs, head.model);
  const candidates: Candidate[] = [];
  for (let row = 0; row < count; row++) {
    const score = scores[row * 2 + 1] ?? 0;
    if (!(score >= head.minScore)) continue; // NaN is no face
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(row * 4, row * 4 + 4);
    const { widthPixels: width, heightPixels: height } = head;
    candidates.push({ classId: 0, score, box: [left * width, top * height, right * width, bottom * height] });
  }
  return candidates;
}

function checked(
  { scores, boxes }: TensorMap,
  model: string,
): { readonly scores: Float32Array; readonly boxes: Float32Array; readonly count: number } {
  const count = scores?.shape[1] ?? 0;
  const fits = scores?.shape.join() === `1,${count},2` && boxes?.shape.join() === `1,${count},4`;
  if (fits && scores.data instanceof Float32Array && boxes.data instanceof Float32Array)
    return { scores: scores.data, boxes: boxes.data, count };
  throw fail(
    "SG_VISION_MODEL_OUTPUT",
    `Model "${model}" gave scores [${scores?.shape.join(", ") ?? "missing"}] and boxes [${boxes?.shape.join(", ") ?? "missing"}], not float32 [1, n, 2] and [1, n, 4]`,
  );
}
