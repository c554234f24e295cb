import { expect, test } from "vitest";
import { countNode } from "./count-node.ts";
import type { Shape } from "./read-trace.ts";

/** Operators that no graph of the integration tests has: [operator, inputs, outputs, operations]. */
const cases: readonly (readonly [string, readonly Shape[], readonly Shape[], number])[] = [
  ["MatMulInteger", [[8, 64], [64, 32], [], [32]], [[8, 32]], 2 * 8 * 32 * 64],
  ["QLinearMatMul", [[8, 64], [], [], [64, 32], [], [], [], []], [[8, 32]], 2 * 8 * 32 * 64],
  ["MatMul", [[64], [64, 32]], [[32]], 2 * 32 * 64],
  [
    "MatMul",
    [
      [0, 64],
      [64, 32],
    ],
    [[0, 32]],
    0,
  ],
  ["Gemm", [[64, 8], [64, 32], [32]], [[8, 32]], 8 * 32 * (2 * 64 + 1)],
  // x, scale, zero point, weights, scale, zero point, scale, zero point, bias
  ["QLinearConv", [[1, 8, 4, 4], [], [], [16, 8, 3, 3], [], [], [], [], [16]], [[1, 16, 4, 4]], 256 * (2 * 72 + 1)],
  [
    "ConvInteger",
    [
      [1, 8, 4, 4],
      [16, 8, 3, 3],
    ],
    [[1, 16, 4, 4]],
    256 * 2 * 72,
  ],
  // 5 steps of 2 sequences, 10 features, 16 units: four gates.
  [
    "LSTM",
    [
      [5, 2, 10],
      [1, 64, 10],
      [1, 64, 16],
    ],
    [[5, 1, 2, 16]],
    10 * (2 * 64 * 26 + 21 * 16),
  ],
  [
    "GRU",
    [
      [5, 2, 10],
      [2, 48, 10],
      [2, 48, 16],
    ],
    [[5, 2, 2, 16]],
    10 * (2 * 2 * 48 * 26 + 16 * 32),
  ],
  // Queries, keys and values of 4 heads of 8, 12 keys for 6 queries.
  [
    "Attention",
    [
      [2, 4, 6, 8],
      [2, 4, 12, 8],
      [2, 4, 12, 8],
    ],
    [[2, 4, 6, 8]],
    2 * 2 * (2 * 4 * 6 * 12 * 8),
  ],
  [
    "MultiHeadAttention",
    [
      [2, 6, 32],
      [2, 12, 32],
      [2, 12, 32],
    ],
    [[2, 6, 32]],
    2 * 2 * (2 * 6 * 12 * 32),
  ],
  // com.microsoft's, which makes them itself: [batch, length, width], [width, 3 width].
  ["Attention", [[2, 6, 32], [32, 96], [96]], [[2, 6, 32]], 2 * 12 * 32 * 96 + 2 * 2 * (2 * 6 * 6 * 32)],
  ["ReduceMean", [[2, 6, 32]], [[2, 6, 1]], 2 * 6 * 32],
  ["GlobalAveragePool", [[1, 8, 4, 4]], [[1, 8, 1, 1]], 128],
  ["Sum", [[4], [4], [4]], [[4]], 8],
  ["Erf", [[3, 5]], [[3, 5]], 15],
  ["OfSomebodyElse", [[3, 5]], [[3, 5]], 15],
  ["OfSomebodyElse", [], [], 0],
  ["Transpose", [[3, 5]], [[5, 3]], 0],
  ["Loop", [[], []], [[3, 5]], 0],
];

test.for(cases)("%s of %j", ([op, inputs, outputs, operations]) => {
  expect(countNode({ node: "n", op, inputs, outputs })).toBe(operations);
});
