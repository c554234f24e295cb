import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inGroups, windowsOf } from "./windows.ts";

/** Words with unlike numbers as tokens, each ending one character behind the one before. */
const words = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 60 }).map((lengths) => {
  let id = 0;
  return lengths.map((length, index) => ({ ids: Array.from({ length }, () => id++), end: index + 1 }));
});
const limits = fc.integer({ min: 1, max: 20 });

describe("windowsOf", () => {
  test.each([true, false])("reads every token once, in order, within the limit (keepWords: %s)", (keepWords) => {
    fc.assert(
      fc.property(words, limits, (input, maxTokens) => {
        const windows = [...windowsOf(input, { maxTokens, keepWords })];
        expect(windows.flatMap(({ ids }) => ids)).toEqual(input.flatMap(({ ids }) => ids));
        expect(windows.every(({ ids }) => ids.length <= maxTokens)).toBe(true);
        // Only a text without tokens has an empty window.
        expect(windows.slice(1).every(({ ids }) => ids.length > 0)).toBe(true);
      }),
    );
  });

  test("fills windows to the last token unless words are kept whole", () => {
    fc.assert(
      fc.property(words, limits, (input, maxTokens) => {
        const windows = [...windowsOf(input, { maxTokens, keepWords: false })];
        expect(windows.slice(0, -1).every(({ ids }) => ids.length === maxTokens)).toBe(true);
      }),
    );
  });

  test("keeps words whole that fit a window", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 30 }), (input, maxTokens) => {
        const windows = [...windowsOf(input, { maxTokens, keepWords: true })];
        const begins = new Set(windows.map(({ ids }) => ids[0]));
        const inner = input.flatMap(({ ids }) => ids.slice(1));
        expect(inner.filter((id) => begins.has(id))).toEqual([]);
      }),
    );
  });

  test("says up to where whole words were read", () => {
    const input = [
      { ids: [1, 2], end: 5 },
      { ids: [3, 4, 5], end: 9 },
      { ids: [6], end: 11 },
    ];
    const ends = (keepWords: boolean) => [...windowsOf(input, { maxTokens: 4, keepWords })].map(({ end }) => end);
    expect(ends(true)).toEqual([5, 11]);
    expect(ends(false)).toEqual([5, 11]);
    expect([...windowsOf(input, { maxTokens: 4, keepWords: false })][0]?.ids).toEqual([1, 2, 3, 4]);
  });

  test("gives one empty window for a text without words", () => {
    expect([...windowsOf([], { maxTokens: 4, keepWords: true })]).toEqual([{ ids: [], end: 0 }]);
  });
});

test("inGroups takes no more items than the groups that are asked for", () => {
  let taken = 0;
  function* numbers() {
    while (true) yield taken++;
  }
  const groups = inGroups(numbers(), 3);
  expect([groups.next().value, groups.next().value]).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ]);
  expect(taken).toBe(6);
  expect([...inGroups([1, 2, 3], 2)]).toEqual([[1, 2], [3]]);
});
