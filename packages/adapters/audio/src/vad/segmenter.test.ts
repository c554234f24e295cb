import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSegmenter } from "./segmenter.ts";
import { type VadOptions, vadOptionsSchema } from "./vad-options.ts";

const WINDOW = 512;
const seconds = (windows: number): number => (windows * WINDOW) / 16_000;

/** Segments of a recording in which `said` gives the probability of each window. */
function segment(said: readonly number[], options: Partial<VadOptions> = {}, samples = said.length * WINDOW) {
  const segmenter = createSegmenter(vadOptionsSchema.parse({ padMs: 0, ...options }));
  return [...said.flatMap((probability) => segmenter.push(probability)), ...segmenter.end(samples)];
}
const spans = (...parameters: Parameters<typeof segment>) =>
  segment(...parameters).map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
const run = (probability: number, windows: number): number[] => Array.from({ length: windows }, () => probability);

describe("segments of speech", () => {
  test("begin at the threshold and end below the exit threshold", () => {
    expect(spans([...run(0.49, 10), ...run(0.5, 10), ...run(0.36, 10), ...run(0.34, 10)])).toEqual([
      [seconds(10), seconds(30)],
    ]);
  });

  test("end only when it was quiet for long enough", () => {
    // 100 ms are reached with the fifth quiet window: 4 * 32 ms lie behind its beginning.
    expect(spans([...run(0.9, 10), ...run(0.1, 4), ...run(0.9, 10), ...run(0.1, 5)])).toEqual([[0, seconds(24)]]);
    expect(spans([...run(0.9, 10), ...run(0.1, 5), ...run(0.9, 10), ...run(0.1, 5)])).toEqual([
      [0, seconds(10)],
      [seconds(15), seconds(25)],
    ]);
  });

  test("are dropped when they are not longer than the shortest speech", () => {
    expect(spans([...run(0.9, 7), ...run(0.1, 9)])).toEqual([]);
    expect(spans([...run(0.9, 8), ...run(0.1, 9)])).toEqual([[0, seconds(8)]]);
  });

  test("that are open at the end go to the end of the recording, which may lie inside a window", () => {
    expect(spans([...run(0.1, 3), ...run(0.9, 20)], {}, 23 * WINDOW - 100)).toEqual([
      [seconds(3), (23 * WINDOW - 100) / 16_000],
    ]);
  });

  test("are padded, and share a gap that is shorter than both paddings", () => {
    const said = [...run(0.1, 5), ...run(0.9, 10), ...run(0.1, 5), ...run(0.9, 10), ...run(0.1, 20)];
    expect(spans(said, { padMs: 30 })).toEqual([
      [seconds(5) - 0.03, seconds(15) + 0.03],
      [seconds(20) - 0.03, seconds(30) + 0.03],
    ]);
    expect(spans(said, { padMs: 100 })).toEqual([
      [seconds(5) - 0.1, seconds(17.5)],
      [seconds(17.5), seconds(30) + 0.1],
    ]);
    expect(spans(run(0.9, 10), { padMs: 100 })).toEqual([[0, seconds(10)]]);
  });

  test("that get too long are cut at their longest silence", () => {
    const said = [
      ...run(0.9, 20),
      ...run(0.1, 4),
      ...run(0.9, 20),
      ...run(0.1, 5),
      ...run(0.9, 20),
      ...run(0.1, 4),
      ...run(0.9, 20),
    ];
    const options = { maxSpeechSeconds: 2.5, minSilenceMs: 1000 };
    expect(spans(said, options)).toEqual([
      [0, seconds(44)],
      [seconds(49), seconds(93)],
    ]);
  });

  test("that get too long without a silence are cut where they stand", () => {
    // 1 s less one window: the cut is made when more than 30.25 windows lie behind the beginning.
    expect(spans(run(0.9, 70), { maxSpeechSeconds: 1 })).toEqual([
      [0, seconds(31)],
      [seconds(32), seconds(63)],
    ]);
  });

  test("say how probable they are on average", () => {
    const [only] = segment([...run(0.6, 10), ...run(1, 10), ...run(0.1, 10)]);
    expect(only?.probability).toBeCloseTo(0.8, 9);
  });

  test("come as soon as nothing can change them any more", () => {
    const segmenter = createSegmenter(vadOptionsSchema.parse({}));
    const given = [...run(0.9, 10), ...run(0.1, 6)].map((probability) => segmenter.push(probability).length);
    expect(given).toEqual([...run(0, 14), 1, 0]);
  });
});

describe("whatever is heard", () => {
  const heard = fc.record({
    said: fc.array(fc.constantFrom(0, 0.2, 0.36, 0.5, 0.9), { maxLength: 400 }),
    cut: fc.integer({ min: 0, max: WINDOW - 1 }),
    options: fc.record({
      padMs: fc.constantFrom(0, 30, 200),
      minSpeechMs: fc.constantFrom(0, 250),
      minSilenceMs: fc.constantFrom(0, 100, 700),
      maxSpeechSeconds: fc.constantFrom(undefined, 1, 3),
    }),
  });

  test("segments are in order, apart, inside the recording and no longer than allowed", () => {
    fc.assert(
      fc.property(heard, ({ said, cut, options }) => {
        const { maxSpeechSeconds, ...rest } = options;
        const samples = Math.max(0, said.length * WINDOW - cut);
        const found = spans(said, maxSpeechSeconds === undefined ? rest : { ...rest, maxSpeechSeconds }, samples);
        const times = found.flat();
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const longest = (maxSpeechSeconds ?? Infinity) + seconds(1);
        for (const [start = 0, end = 0] of found) {
          expect(end).toBeGreaterThan(start);
          expect(end - start).toBeLessThanOrEqual(longest);
        }
      }),
      { numRuns: 500 },
    );
  });
});
