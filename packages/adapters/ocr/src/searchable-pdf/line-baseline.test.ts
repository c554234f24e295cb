import { expect, test } from "vitest";
import { lineBaseline, wordBaseline } from "./line-baseline.ts";

const word = (text: string, top: number, bottom: number, left = 0) => ({
  text,
  box: [left, top, left + 50, bottom] as const,
  confidence: 1,
});

test("words without descenders show where the baseline is", () => {
  const line = {
    box: [0, 0, 200, 36] as const,
    words: [word("gap", 8, 36), word("name", 8, 30, 60), word("Tax", 0, 30, 120)],
  };
  expect(lineBaseline(line)(10)).toBe(30);
});

test("a line of descenders only leaves a typical descent", () => {
  const line = { box: [0, 0, 50, 100] as const, words: [word("gypq", 0, 100)] };
  expect(lineBaseline(line)(0)).toBe(78);
});

test("baselines of the engine win, and slope", () => {
  const sloped = { ...word("a", 0, 30), baseline: [0, 20, 100, 30] as const };
  const line = {
    box: [0, 0, 200, 36] as const,
    words: [sloped, { ...word("b", 0, 36, 150), baseline: [150, 35, 200, 40] as const }],
  };
  expect(lineBaseline(line)(100)).toBe(30);
  expect(wordBaseline(sloped, lineBaseline(line), 60)(50)).toBe(25);
  expect(wordBaseline(word("c", 0, 22), lineBaseline(line), 40)(0)).toBe(20);
});

test("a baseline laid through a neighbouring column gives way to the word's own box", () => {
  const line = () => 60;
  expect(wordBaseline(word("Kassel", 20, 50), line, 40)(0)).toBe(50);
  expect(wordBaseline(word("Jung", 20, 50), line, 40)(0)).toBe(60);
  // Higher than a word can be: a rule below it is in the box.
  expect(wordBaseline(word("Item", 10, 50), line, 40)(0)).toBe(60);
  expect(wordBaseline(word("-", 20, 30), line, 40)(0)).toBe(60);
});
