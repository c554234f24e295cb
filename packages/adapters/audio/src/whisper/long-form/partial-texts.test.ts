import { describe, expect, test } from "vitest";
import { collect, END_OF_TEXT, numberedMel, scriptedDecode } from "../../../test/scripted-windows.ts";
import type { PartialTexts } from "./partial-texts.ts";
import { type SeekOptions, seekWindows } from "./seek-windows.ts";

const options: SeekOptions = {
  language: "en",
  promptText: "",
  conditionOnPreviousText: true,
  endOfText: END_OF_TEXT,
  lookAheadFrames: 0,
};

/** Listens to 65 seconds; each decoding takes `costMs` on a clock of its own. */
async function listen(everyFrames: number, costMs: number) {
  let nowMs = 0;
  const told: (readonly [number, number])[] = [];
  const { decode } = scriptedDecode();
  const partial: PartialTexts = {
    everyFrames,
    nowMs: () => nowMs,
    told: (startSeconds, text) => told.push([startSeconds, text.split(" ").length]),
  };
  const slow: typeof decode = (inputs, given) => {
    nowMs += costMs;
    return decode(inputs, given);
  };
  const windows = await collect(seekWindows(numberedMel(6500), slow, { ...options, partial }));
  return { told, segments: windows.flatMap(({ segments }) => segments) };
}

describe("texts of sound that is still coming in", () => {
  test("grow with it, begin anew with each window, and change nothing of what is final", async () => {
    const { told, segments } = await listen(200, 0);
    const plain = await collect(seekWindows(numberedMel(6500), scriptedDecode().decode, options));
    expect(segments).toEqual(plain.flatMap((window) => window.segments));
    const first = told.filter(([startSeconds]) => startSeconds === 0);
    expect(first.map(([, words]) => words)).toEqual(Array.from({ length: 14 }, (_, index) => 4 * (index + 1)));
    expect(new Set(told.map(([startSeconds]) => startSeconds)).size).toBe(3);
  });

  test("take at most half of the time", async () => {
    const { told } = await listen(200, 3000);
    // Six seconds of sound behind each that took three.
    expect(told.filter(([startSeconds]) => startSeconds === 0).map(([, words]) => words)).toEqual([4, 16, 28, 40, 52]);
  });
});
