import { transcript } from "@stargate/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { HeardSegment } from "./heard-segment.ts";
import { createReadableSegments } from "./readable-segments.ts";

const seconds = fc.double({ min: 0, max: 40, noNaN: true });
const span = fc.record({ start: seconds, end: seconds });
const words = fc.array(
  span.map(({ start, end }) => ({ word: " word", start, end, probability: 1.2 })),
  { maxLength: 8 },
);
const segments = fc.array(
  fc.record({ span, words: fc.option(words, { nil: undefined }) }).map((one): HeardSegment => ({
    seek: 0,
    ...one.span,
    text: " word",
    tokens: [1],
    temperature: 0,
    avgLogprob: -1,
    compressionRatio: 1,
    noSpeechProb: 0,
    words: one.words,
  })),
  { maxLength: 6 },
);

test("whatever was heard, times are in order and within the recording", () => {
  fc.assert(
    fc.property(
      fc.array(segments, { maxLength: 4 }),
      fc.double({ min: 0.001, max: 40, noNaN: true }),
      (windows, length) => {
        const readable = createReadableSegments();
        const all = windows.flatMap((window) => readable(window, length));
        const value = {
          text: "",
          language: "en",
          task: "transcribe",
          durationSeconds: length,
          segments: all,
          recogniser: { name: "whisper", quality: 1 },
        };
        expect(transcript.schema.safeParse(value).error?.message).toBeUndefined();
        const times = all.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const said = all.flatMap((segment) => segment.words ?? []);
        const overlapping = said.filter(({ startSeconds }, index) => startSeconds < (said[index - 1]?.endSeconds ?? 0));
        expect(overlapping.filter(({ endSeconds }) => endSeconds < length)).toEqual([]);
      },
    ),
  );
});

test("what sums of times are off by is no overlap", () => {
  const heard = {
    seek: 0,
    text: " a",
    tokens: [1],
    temperature: 0,
    avgLogprob: 0,
    compressionRatio: 1,
    noSpeechProb: 0,
  };
  const readable = createReadableSegments()(
    [
      { ...heard, start: 5222.26, end: 5226.320_000_000_001 },
      { ...heard, start: 5226.32, end: 5232.94 },
    ],
    6000,
  );
  expect(readable.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
    [5222.26, 5226.32],
    [5226.32, 5232.94],
  ]);
});

test("what is in order stays as it is, and segments without text are left out", () => {
  const heard: HeardSegment = {
    seek: 3000,
    start: 30.5,
    end: 31,
    text: " Yes.",
    tokens: [7],
    temperature: 0.2,
    avgLogprob: -0.5,
    compressionRatio: 1.1,
    noSpeechProb: 0.1,
    words: [{ word: " Yes.", start: 30.5, end: 31, probability: 0.75 }],
  };
  const readable = createReadableSegments()([{ ...heard, text: "", tokens: [], words: [] }, heard], 60);
  expect(readable).toEqual([
    {
      startSeconds: 30.5,
      endSeconds: 31,
      text: " Yes.",
      tokens: [7],
      windowStartSeconds: 30,
      temperature: 0.2,
      avgLogprob: -0.5,
      compressionRatio: 1.1,
      noSpeechProb: 0.1,
      words: [{ text: "Yes.", startSeconds: 30.5, endSeconds: 31, probability: 0.75 }],
    },
  ]);
});
