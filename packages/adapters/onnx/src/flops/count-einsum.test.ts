import { expect, test } from "vitest";
import { countEinsum } from "./count-einsum.ts";
import type { Shape } from "./read-trace.ts";

const cases: readonly (readonly [string, readonly Shape[], number])[] = [
  [
    "ij,jk->ik",
    [
      [2, 3],
      [3, 4],
    ],
    2 * 2 * 3 * 4,
  ],
  [
    "bij, bjk",
    [
      [5, 2, 3],
      [5, 3, 4],
    ],
    2 * 5 * 2 * 3 * 4,
  ],
  ["ii->i", [[4, 4]], 4],
  [
    "...ij,...jk->...ik",
    [
      [7, 6, 2, 3],
      [6, 3, 4],
    ],
    2 * 7 * 6 * 2 * 3 * 4,
  ],
  ["i,ij,j->", [[2], [2, 3], [3]], 4 * 2 * 3],
];

test.for(cases)("%s of %j", ([equation, inputs, operations]) => {
  expect(countEinsum({ node: "n", op: "Einsum", inputs, outputs: [] }, equation)).toBe(operations);
});
