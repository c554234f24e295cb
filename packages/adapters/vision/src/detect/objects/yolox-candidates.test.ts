import type { Tensor } from "@stargate/kernel";
import { describe, expect, test } from "vitest";
import { cocoLabels } from "./coco-labels.ts";
import { yoloxCandidates } from "./yolox-candidates.ts";

/** 64 pixels: grids of 8, 4 and 2 cells on a side. */
const ROWS = 64 + 16 + 4;
const head = { model: "m", sizePixels: 64, classCount: 2, minScore: 0.3 };

/** An output with some rows set, [x, y, log width, log height, objectness, ...classes]; the rest is nothing. */
function outputOf(rows: Readonly<Record<number, readonly number[]>>): Tensor {
  const data = new Float32Array(ROWS * 7);
  for (const [row, values] of Object.entries(rows)) data.set(values, Number(row) * 7);
  return { dtype: "float32", shape: [1, ROWS, 7], data };
}

describe("yoloxCandidates", () => {
  test("reads boxes from the cells of all three grids", () => {
    const found = yoloxCandidates(
      outputOf({
        9: [0.5, 0.5, Math.log(2), Math.log(1), 1, 1, 0], // grid of 8 pixels, second row, second column
        70: [0, 1, 0, 0, 1, 0, 0.5], // grid of 16 pixels, second row, third column
        83: [0.25, 0.25, 0, 0, 0.5, 0, 1], // grid of 32 pixels, last cell
      }),
      head,
    );
    expect(found.map(({ classId, score }) => [classId, score])).toEqual([
      [0, 1],
      [1, 0.5],
      [1, 0.5],
    ]);
    expect(found.map(({ box }) => box.map((value) => Math.round(value * 1000) / 1000))).toEqual([
      [4, 8, 20, 16],
      [24, 24, 40, 40],
      [24, 24, 56, 56],
    ]);
  });

  test("multiplies objectness and class, and takes the best class of a cell", () => {
    const found = yoloxCandidates(
      outputOf({ 0: [0, 0, 0, 0, 0.5, 0.75, 0.875], 1: [0, 0, 0, 0, 0.5, 0.5, 0.25] }),
      head,
    );
    expect(found).toMatchObject([{ classId: 1, score: 0.4375 }]);
  });

  test("takes values that are no numbers for nothing", () => {
    const rows = { 0: [0, 0, 0, 0, Number.NaN, 1, 1], 1: [0, 0, 0, 0, 1, Number.NaN, Number.NaN] };
    expect(yoloxCandidates(outputOf(rows), head)).toEqual([]);
  });

  test.each([
    ["no output of this name", undefined, "no such output"],
    [
      "another size of input",
      { dtype: "float32", shape: [1, 3549, 7], data: new Float32Array(3549 * 7) },
      "[1, 3549, 7]",
    ],
    ["other classes", { dtype: "float32", shape: [1, ROWS, 85], data: new Float32Array(ROWS * 85) }, "[1, 84, 85]"],
    ["another dtype", { dtype: "float64", shape: [1, ROWS, 7], data: new Float64Array(ROWS * 7) }, "float64"],
  ] as const)("refuses %s and says what it got", (_name, output, message) => {
    expect(() => yoloxCandidates(output, head)).toThrow(
      expect.objectContaining({ code: "SG_VISION_MODEL_OUTPUT", message: expect.stringContaining(message) as string }),
    );
  });
});

test("there are 80 labels, each once", () => {
  expect(new Set(cocoLabels).size).toBe(80);
});
