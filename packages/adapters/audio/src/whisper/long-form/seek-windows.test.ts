import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collect, END_OF_TEXT, numberedMel, scriptedDecode, wordTimes } from "../../../test/scripted-windows.ts";
import type { WindowResult } from "../program/window-result.ts";
import { batchWindows, packClips } from "./batch-windows.ts";
import { clipAt, isRest } from "./clips.ts";
import { createReadableSegments } from "./readable-segments.ts";
import { type SeekOptions, seekWindows } from "./seek-windows.ts";

const options: SeekOptions = {
  language: "en",
  promptText: "",
  conditionOnPreviousText: true,
  endOfText: END_OF_TEXT,
  lookAheadFrames: 0,
};
/** All words that are whole in the recording. */
const wordsIn = (seconds: number) =>
  Array.from({ length: 1000 }, (_, word) => word).filter((word) => wordTimes(word)[1] <= seconds);
const text = (segments: readonly { readonly tokens: readonly number[] }[]) =>
  segments.flatMap(({ tokens }) => tokens.filter((token) => token < END_OF_TEXT));

describe("95 seconds, window by window", () => {
  test.for([false, true])("no word is lost or said twice at the seams; with words: %s", async (words) => {
    const { decode, asked } = scriptedDecode({ words });
    const windows = await collect(seekWindows(numberedMel(9500), decode, options));
    const segments = windows.flatMap((window) => window.segments);
    expect(text(segments)).toEqual(wordsIn(95));
    expect(asked.map(({ from }) => from)).toEqual(asked.map(({ from }) => from).toSorted((a, b) => a - b));
    expect(asked.length).toBeGreaterThan(3);
    const readable = createReadableSegments()(segments, 95);
    const times = readable.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(95);
  });

  test("words have the times they were said at, on both sides of a seam", async () => {
    const { decode } = scriptedDecode({ words: true });
    const windows = await collect(seekWindows(numberedMel(9500), decode, options));
    const words = windows.flatMap(({ segments }) => segments.flatMap((segment) => segment.words ?? []));
    expect(words.map(({ word, start, end }) => [word, start, end])).toEqual(
      wordsIn(95).map((word) => [` w${word}`, ...wordTimes(word).map((seconds) => Number(seconds.toFixed(2)))]),
    );
  });

  test("of a recording of any length", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), fc.boolean(), async (frames, words) => {
        const windows = await collect(seekWindows(numberedMel(frames), scriptedDecode({ words }).decode, options));
        expect(text(windows.flatMap(({ segments }) => segments))).toEqual(wordsIn(frames / 100));
        expect(windows.at(-1)?.heardFrames).toBe(frames);
      }),
      { numRuns: 30 },
    );
  });
});

test("the next window begins behind the last word, not behind the last timestamp", async () => {
  const { decode, asked } = scriptedDecode({ words: true, facts: { advanceFrames: 2999, endsOpen: false } });
  await collect(seekWindows(numberedMel(4000), decode, options));
  // The last whole sentence of the first window ends with word 55.
  expect(asked[1]?.from).toBe(Math.round(wordTimes(55)[1] * 100));
});

describe("what a window is told of the ones before", () => {
  test("is what was said, unless that is not wanted", async () => {
    const { decode, asked } = scriptedDecode();
    await collect(seekWindows(numberedMel(6500), decode, options));
    expect(asked[0]?.prompt).toEqual([]);
    expect(asked[1]?.prompt.filter((token) => token < END_OF_TEXT)).toEqual(wordsIn(asked[1]!.from / 100));
    const other = scriptedDecode();
    await collect(seekWindows(numberedMel(6500), other.decode, { ...options, conditionOnPreviousText: false }));
    expect(other.asked.map(({ prompt }) => prompt)).toEqual(other.asked.map(() => []));
  });

  test.for([
    [0.4, false],
    [0.6, true],
  ] as const)("is nothing after a temperature of %d: %s", async ([temperature, isNothing]) => {
    const { decode, asked } = scriptedDecode({ facts: { temperature } });
    await collect(seekWindows(numberedMel(6500), decode, options));
    expect(asked[1]?.prompt.length === 0).toBe(isNothing);
  });

  test("is the language that the first one was found to be in", async () => {
    const { decode, asked } = scriptedDecode({ facts: { language: "de" } });
    await collect(seekWindows(numberedMel(6500), decode, { ...options, language: undefined }));
    expect(asked.map(({ language }) => language)).toEqual([undefined, ...asked.slice(1).map(() => "de")]);
  });
});

test("silent windows are gone over whole", async () => {
  const silent: Partial<WindowResult> = { isSilent: true, segments: [], advanceFrames: 0 };
  const { decode, asked } = scriptedDecode({ facts: silent });
  expect(
    text((await collect(seekWindows(numberedMel(7000), decode, options))).flatMap(({ segments }) => segments)),
  ).toEqual([]);
  expect(asked.map(({ from }) => from)).toEqual([0, 3000, 6000]);
});

test("whatever windows answer, it comes to an end", async () => {
  const facts = fc.record({
    advanceFrames: fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 2, max: 4000 })),
    endsOpen: fc.boolean(),
    isSilent: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      facts,
      fc.boolean(),
      fc.option(fc.double({ min: 0.1, max: 3, noNaN: true })),
      async (given, words, threshold) => {
        const { decode, asked } = scriptedDecode({ words, facts: given });
        const silence = threshold === null ? {} : { hallucinationSilenceSeconds: threshold };
        await collect(seekWindows(numberedMel(800), decode, { ...options, ...silence }));
        expect(asked.length).toBeLessThanOrEqual(800);
        const places = asked.map(({ from }) => from);
        expect(new Set(places).size).toBe(places.length);
      },
    ),
    { numRuns: 40 },
  );
});

test("no more of a recording is held than a window and what is heard ahead", async () => {
  const mel = numberedMel(60_000);
  for await (const window of seekWindows(mel, scriptedDecode().decode, { ...options, lookAheadFrames: 1000 })) {
    const [first, known] = mel.held();
    expect(known - first).toBeLessThanOrEqual(3000 + 1000 + window.heardFrames);
    expect(first).toBe(window.heardFrames);
  }
});

/** Speech at these stretches, all of it known. */
const spoken = (...clips: readonly (readonly [number, number])[]) => ({
  segments: (frame: number) => clips.map(([start, end]) => ({ start, end })).filter(({ end }) => end > frame),
  knownFrames: Infinity,
  settle: () => Promise.resolve(),
  audio: (async function* () {})(),
  failure: undefined,
});

describe("where somebody speaks", () => {
  test("is all that is listened to, window by window", async () => {
    const { decode, asked } = scriptedDecode();
    const watch = spoken([1000, 1500], [7000, 7300], [7350, 7700]);
    const windows = await collect(seekWindows(numberedMel(9000), decode, { ...options, watch }));
    expect(asked.every(({ from }) => (from >= 970 && from < 1500) || (from >= 6970 && from < 7700))).toBe(true);
    const said = text(windows.flatMap(({ segments }) => segments)).map((word) => wordTimes(word)[0] * 100);
    expect(said.every((frame) => (frame >= 970 && frame < 1520) || (frame >= 6970 && frame < 7720))).toBe(true);
    expect(said.length).toBeGreaterThan(15);
  });

  test("and several windows at once", async () => {
    const { decode, asked } = scriptedDecode();
    const watch = spoken([1000, 1500], [1600, 3900], [7000, 7300], [8000, 9000]);
    const windows = await collect(
      batchWindows(numberedMel(9500), watch, decode, { ...options, batchSize: 2, lookAheadFrames: 1000 }),
    );
    expect(asked.map(({ from }) => from)).toEqual([980, 6980]);
    expect(windows.map(({ heardFrames }) => heardFrames)).toEqual([3920, 9020]);
    expect(text(windows.flatMap(({ segments }) => segments)).length).toBeGreaterThan(80);
  });

  test("and the first window of a long recording alone", async () => {
    const { decode } = scriptedDecode();
    const sizes: number[] = [];
    const counted: typeof decode = (inputs, given) => {
      sizes.push(inputs.length);
      return decode(inputs, given);
    };
    const minutes = Array.from({ length: 9 }, (_, index) => [index * 3000, index * 3000 + 2900] as const);
    const batched = { ...options, batchSize: 3, lookAheadFrames: 0 };
    await collect(batchWindows(numberedMel(27_000), spoken(...minutes), counted, batched));
    expect(sizes).toEqual([1, 3, 3, 2]);
  });

  test("is packed into windows of at most 30 s", () => {
    expect(
      packClips([
        { start: 0, end: 500 },
        { start: 900, end: 2900 },
        { start: 3000, end: 3100 },
      ]),
    ).toEqual([
      { start: 0, end: 2900 },
      { start: 3000, end: 3100 },
    ]);
    expect(packClips([{ start: 0, end: 7000 }]).map(({ start, end }) => end - start)).toEqual([2960, 2960, 1080]);
  });

  test("is everywhere as far as nobody knows", () => {
    const unknown = { segments: () => [], knownFrames: 0 };
    expect(clipAt(unknown, 500)).toEqual({ start: 500, end: Infinity });
    expect(clipAt({ segments: () => [], knownFrames: 2000 }, 500)).toEqual({ start: 2000, end: Infinity });
    expect(clipAt({ segments: () => [{ start: 600, end: 900 }], knownFrames: 950 }, 500)).toEqual({
      start: 500,
      end: Infinity,
    });
  });

  test("is one stretch across short pauses, and a rest of it that was heard is none", () => {
    const watch = spoken([1000, 1200], [1300, 1500], [2000, 2100]);
    expect(clipAt(watch, 0)).toEqual({ start: 980, end: 1520 });
    expect(isRest({ start: 1400, end: 1520 }, 1400)).toBe(false);
    expect(isRest(clipAt(watch, 1495), 1495)).toBe(true);
    expect(clipAt(watch, 2100)).toEqual({ start: Infinity, end: Infinity });
  });
});
