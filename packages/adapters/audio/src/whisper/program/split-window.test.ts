import { expect, test } from "vitest";
import { splitWindow } from "./split-window.ts";

const BEGIN = 1000;
const at = (seconds: number): number => BEGIN + Math.round(seconds / 0.02);
const split = (tokens: readonly number[], contentFrames = 3000) => {
  const decode = (ids: readonly number[]) => ids.filter((id) => id < BEGIN).join("-");
  const { segments, ...rest } = splitWindow(tokens, { timestampBegin: BEGIN, contentFrames, decode });
  return {
    ...rest,
    segments: segments.map(({ start, end, text }) => [Number(start.toFixed(2)), Number(end.toFixed(2)), text]),
  };
};

test("text between two timestamps is a segment, and the next window begins at the last pair", () => {
  expect(split([at(0), 1, 2, at(1.5), at(1.5), 3, at(4), at(4), 5])).toEqual({
    segments: [
      [0, 1.5, "1-2"],
      [1.5, 4, "3"],
    ],
    advanceFrames: 400,
    endsOpen: false,
  });
});

test("a single timestamp at the end closes the window", () => {
  expect(split([at(0.2), 1, at(1.5), at(1.6), 3, at(4)])).toEqual({
    segments: [
      [0.2, 1.5, "1"],
      [1.6, 4, "3"],
    ],
    advanceFrames: 3000,
    endsOpen: true,
  });
});

test.for([
  ["without a pair is one segment up to its last timestamp", [at(0), 1, at(2)], [0, 2, "1"], true],
  ["without timestamps is one segment as long as the window", [1, 2], [0, 11, "1-2"], false],
  ["that ends at 0.00 is one segment as long as the window", [at(0), 1], [0, 11, "1"], false],
  ["without anything is an empty segment", [], [0, 11, ""], false],
] as const)("a window %s", ([, tokens, segment, endsOpen]) => {
  expect(split(tokens, 1100)).toEqual({ segments: [segment], advanceFrames: 1100, endsOpen });
});
