import { describe, expect, test } from "vitest";
import { at, END, special, tokens, VOCABULARY } from "../../../test/scripted-whisper.ts";
import { createLogitRules } from "./logit-rules.ts";

/** Tokens that are left after text is likely, or after timestamps are. */
function allowed(sampled: readonly number[], { timestamps = true, favour = 3 } = {}): readonly number[] {
  const logits = new Float32Array(VOCABULARY).fill(-1);
  logits[favour] = 30;
  createLogitRules(tokens, { timestamps, maxInitialTimestamp: 50 })(logits, sampled);
  return [...logits.keys()].filter((token) => logits[token]! > -Infinity);
}

const text = [1, 2, 3, 4, 5, 6, 7, 8];
const times = (from: number, to: number): number[] =>
  Array.from({ length: Math.round((to - from) / 0.02) + 1 }, (_, step) => at(from) + step);

describe("without timestamps", () => {
  test("neither a space nor the end comes first, and both may come later", () => {
    expect(allowed([], { timestamps: false })).not.toContain(0);
    expect(allowed([], { timestamps: false })).not.toContain(END);
    expect(allowed([1], { timestamps: false })).toEqual(expect.arrayContaining([0, END]));
  });

  test("what is suppressed never comes", () => {
    for (const sampled of [[], [1], [1, 2]])
      expect(allowed(sampled, { timestamps: false }).filter((token) => tokens.suppressed.includes(token))).toEqual([]);
  });
});

describe("with timestamps", () => {
  test("the first is one of the first second", () => {
    expect(allowed([])).toEqual(times(0, 1));
  });

  test("after one at the beginning comes text", () => {
    const next = allowed([at(0)]);
    expect(next.filter((token) => token >= special.timestampBegin)).toEqual([]);
    expect(next).toEqual(expect.arrayContaining(text));
  });

  test("after text and one comes its second, not before it, or the end", () => {
    expect(allowed([at(0), 1, at(0.4)], { favour: END })).toEqual(
      [END, 12, 13, ...times(0.4, 2)].toSorted((a, b) => a - b),
    );
    expect(allowed([at(0), 1, at(0.4)], { favour: at(0.4) })).toEqual(times(0.4, 2));
  });

  test("after a pair comes text", () => {
    const next = allowed([at(0), 1, at(0.4), at(0.4)]);
    expect(next.filter((token) => token >= special.timestampBegin)).toEqual([]);
  });

  test("after text comes text, the end, or one that is later than the last", () => {
    const next = allowed([at(0), 1, at(0.4), at(0.4), 2]);
    expect(next).toEqual(expect.arrayContaining([...text, END]));
    expect(next.filter((token) => token >= special.timestampBegin)).toEqual(times(0.42, 2));
  });

  test("one comes when all of them together are likelier than the likeliest text", () => {
    const logits = new Float32Array(VOCABULARY).fill(-30);
    logits.fill(0, at(0.5), at(1));
    logits[3] = 3; // 25 timestamps of e^0 are e^3.2
    createLogitRules(tokens, { timestamps: true, maxInitialTimestamp: 50 })(logits, [at(0), 1]);
    expect([...logits.subarray(0, special.timestampBegin)].every((logit) => logit === -Infinity)).toBe(true);
    const other = new Float32Array(VOCABULARY).fill(-30);
    other.fill(0, at(0.5), at(1));
    other[3] = 4;
    createLogitRules(tokens, { timestamps: true, maxInitialTimestamp: 50 })(other, [at(0), 1]);
    expect(other[3]).toBe(4);
  });

  test("the mark that there are none never comes", () => {
    for (const sampled of [[], [at(0)], [at(0), 1], [at(0), 1, at(1)]])
      expect(allowed(sampled)).not.toContain(special.noTimestamps);
  });
});
