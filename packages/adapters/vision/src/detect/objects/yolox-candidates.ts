import type { Tensor } from "@stargate/kernel";
import { fail } from "../../vision-errors.ts";
import type { Candidate } from "../candidate.ts";

/** Pixels of input per cell of the three grids, in the order of the output's rows. */
const STRIDES = [8, 16, 32];

/** x, y, width, height and objectness come before the classes. */
const BOX_VALUES = 5;

/** What the raw output of a YOLOX model is read with. */
export interface YoloxHead {
  readonly model: string;
  /** Side of the square input. */
  readonly sizePixels: number;
  readonly classCount: number;
  readonly minScore: number;
}

/**
 * Boxes of a YOLOX model in pixels of its input: one per cell whose best class scores `minScore` or more, by the
 * arithmetic of `demo_postprocess` and `postprocess` in Megvii's YOLOX. The score is objectness times class.
 * Throws SG_VISION_MODEL_OUTPUT.
 */
export function yoloxCandidates(output: Tensor | undefined, head: YoloxHead): Candidate[] {
  const values = checked(output, head);
  const candidates: Candidate[] = [];
  const width = BOX_VALUES + head.classCount;
  let row = 0;
  for (const stride of STRIDES) {
    const cells = head.sizePixels / stride;
    for (let cell = 0; cell < cells * cells; cell++, row++) {
      const objectness = values[row * width + 4] ?? 0;
      if (!(objectness >= head.minScore)) continue; // no class scores above 1, and NaN is nothing
      const [x = 0, y = 0, w = 0, h = 0] = values.subarray(row * width, row * width + 4);
      const { classId, score } = bestClass(values.subarray(row * width + BOX_VALUES, (row + 1) * width), objectness);
      if (!(score >= head.minScore)) continue;
      const centreX = (x + (cell % cells)) * stride;
      const centreY = (y + Math.floor(cell / cells)) * stride;
      const [reachX, reachY] = [(Math.exp(w) * stride) / 2, (Math.exp(h) * stride) / 2];
      const box = [centreX - reachX, centreY - reachY, centreX + reachX, centreY + reachY] as const;
      candidates.push({ classId, score, box });
    }
  }
  return candidates;
}

function bestClass(classes: Float32Array, objectness: number): { readonly classId: number; readonly score: number } {
  let classId = 0;
  for (let index = 1; index < classes.length; index++)
    if ((classes[index] ?? 0) > (classes[classId] ?? 0)) classId = index;
  return { classId, score: Math.min(1, objectness * (classes[classId] ?? 0)) };
}

function checked(output: Tensor | undefined, { model, sizePixels, classCount }: YoloxHead): Float32Array {
  const rows = STRIDES.reduce((sum, stride) => sum + (sizePixels / stride) ** 2, 0);
  const shape = [1, rows, BOX_VALUES + classCount];
  if (output?.data instanceof Float32Array && output.shape.join() === shape.join()) return output.data;
  const got = output === undefined ? "no such output" : `${output.dtype} [${output.shape.join(", ")}]`;
  throw fail(
    "SG_VISION_MODEL_OUTPUT",
    `Model "${model}" gave ${got}; a raw YOLOX output for ${sizePixels} pixels is float32 [${shape.join(", ")}]`,
  );
}
