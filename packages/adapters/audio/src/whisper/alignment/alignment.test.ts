import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CrossAttention } from "../model/whisper-decoder.ts";
import { createRandom } from "../decoding/random.ts";
import { alignWords } from "./align-words.ts";
import { alignmentMatrix } from "./attention-matrix.ts";
import { medianFilter } from "./median-filter.ts";
import { warpTime } from "./time-warping.ts";

describe("the cheapest way through a matrix", () => {
  test("follows a diagonal band", () => {
    // Token 0 lasts from 0 to 2, token 1 is 3, token 2 lasts from 4 to 5.
    const owner = [0, 0, 0, 1, 2, 2];
    const costs = Float32Array.from([0, 1, 2].flatMap((row) => owner.map((own) => (own === row ? -1 : 1))));
    const { rows, columns } = warpTime(costs, 6);
    expect([rows, columns]).toEqual([owner, [0, 1, 2, 3, 4, 5]]);
  });

  test("where all ways cost the same goes across last, as openai/whisper does", () => {
    const { rows, columns } = warpTime(new Float32Array(4), 2);
    expect([rows, columns]).toEqual([
      [0, 1, 1],
      [0, 0, 1],
    ]);
  });

  // Of ways that cost the same the rule of openai/whisper may take a third that costs more: none cost the same here.
  test("costs no more than any other, and each step goes on by at most one", () => {
    const side = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(side, side, fc.integer(), (lines, columns, seed) => {
        const random = createRandom(seed);
        const values = Array.from(
          { length: lines * columns },
          () => Math.round(random() * 4096) - 2048 + 2 ** -9 * random(),
        );
        const path = warpTime(Float32Array.from(values), columns);
        const cost = (row: number, column: number): number => values[row * columns + column]!;
        const best = (row: number, column: number): number => {
          if (row === 0 && column === 0) return cost(0, 0);
          const before = [
            [row - 1, column - 1],
            [row - 1, column],
            [row, column - 1],
          ].filter(([r, c]) => r! >= 0 && c! >= 0);
          return cost(row, column) + Math.min(...before.map(([r, c]) => best(r!, c!)));
        };
        const own = path.rows.reduce((sum, row, step) => sum + cost(row, path.columns[step]!), 0);
        expect(own).toBeCloseTo(best(lines - 1, columns - 1), 1);
        const steps = path.rows
          .slice(1)
          .map((row, step) => [row - path.rows[step]!, path.columns[step + 1]! - path.columns[step]!]);
        expect(steps.every(([down, across]) => down! + across! >= 1 && down! <= 1 && across! <= 1)).toBe(true);
      }),
    );
  });
});

describe("the median filter", () => {
  test("takes away what is shorter than half its width, row by row, reflected at the ends", () => {
    const rows = Float32Array.of(9, 0, 0, 0, 0, 0, 9, 9, 0, 5, 0, 7, 7, 7, 7, 0);
    expect([...medianFilter(rows, 8, 7)]).toEqual(
      [0, 0, 0, 0, 0, 0, 9, 9, 5, 5, 7, 7, 7, 7, 7, 7].map((_, at) => medianOf(rows, at)),
    );
  });

  test("leaves rows alone that are too short", () => {
    expect(medianFilter(Float32Array.of(3, 1, 2), 3, 7)).toEqual(Float32Array.of(3, 1, 2));
  });
});

/** By definition: of the seven values around one, mirrored at the ends of its row of eight. */
function medianOf(rows: Float32Array, at: number): number {
  const start = at - (at % 8);
  const mirrored = (column: number): number => (column < 0 ? -column : column > 7 ? 14 - column : column);
  const window = [-3, -2, -1, 0, 1, 2, 3].map((offset) => rows[start + mirrored((at % 8) + offset)]!);
  return window.toSorted((a, b) => a - b)[3]!;
}

/** Attention of one head that follows the sound exactly: token i hears positions from `bounds[i]` to `bounds[i + 1]`. */
function attentionOf(bounds: readonly number[], positions: number): CrossAttention {
  const count = bounds.length - 1;
  const values = new Float32Array(count * positions).fill(1e-4);
  for (let token = 0; token < count; token++)
    values.fill(1, token * positions + bounds[token]!, token * positions + bounds[token + 1]!);
  return { values, heads: 1, tokens: count, positions };
}

test("attention beyond the end of the recording counts for nothing", () => {
  const whole = attentionOf([0, 10, 20, 30], 60);
  const loud = { ...whole, values: whole.values.slice() };
  for (let token = 0; token < 3; token++) loud.values.fill(5, token * 60 + 40, (token + 1) * 60);
  const cut = (attention: CrossAttention) => alignmentMatrix(new Map([[0, attention]]), [[0, 0]], 40).values;
  expect([...cut(loud)].map((value) => value.toFixed(4))).toEqual([...cut(whole)].map((value) => value.toFixed(4)));
});

describe("words that are aligned", () => {
  const special = { endOfText: 100, noTimestamps: 103 };
  /** Words of two pieces each, at known boundaries; the start sequence hears nothing in particular. */
  const align = (contentFrames: number) => {
    const bounds = [0, 0, 10, 20, 50, 60, 100];
    const tokens = 2 + 4 + 1; // start, "no timestamps", text, end
    const text = attentionOf(bounds.slice(1), 150);
    const values = new Float32Array(tokens * 150).fill(1e-4);
    values.set(text.values, 150); // the row before a piece says where it is expected
    const logits = { values: new Float32Array(tokens * 110), tokens, vocabulary: 110 };
    return alignWords(
      { attend: async () => ({ logits, attention: new Map([[0, { values, heads: 1, tokens, positions: 150 }]]) }) },
      {
        special: special as never,
        splitWords: (ids) => [
          { word: " one", tokens: ids.slice(0, 2) },
          { word: " two", tokens: ids.slice(2) },
        ],
      },
      {
        hidden: { dtype: "float32", shape: [1], data: new Float32Array(1) },
        start: [101],
        tokens: [1, 2, 3, 4],
        language: "en",
        contentFrames,
        heads: [[0, 0]],
        signal: new AbortController().signal,
      },
    );
  };

  test("begin and end where their pieces do, as sure as the pieces are on average", async () => {
    const words = await align(300);
    expect(words.map(({ word, start, end }) => [word, start, end])).toEqual([
      [" one", 0, 0.4],
      [" two", 0.4, 1.2],
    ]);
    for (const { probability } of words) expect(probability).toBeCloseTo(1 / 100, 6);
  });

  test("lie within the recording", async () => {
    for (const { end } of await align(60)) expect(end).toBeLessThanOrEqual(0.6);
  });
});
