import { describe, expect, test } from "vitest";
import type { HeardSegment } from "./heard-segment.ts";
import { skipHallucinations } from "./hallucinations.ts";
import { mergePunctuation } from "./merge-punctuation.ts";
import { placeWords } from "./place-words.ts";

const END = 1000;
const word = (text: string, start: number, end: number, tokens = [1]) => ({
  word: text,
  start,
  end,
  tokens,
  probability: 0.9,
});
const segment = (start: number, end: number, count: number, extra: Partial<HeardSegment> = {}): HeardSegment => ({
  seek: 0,
  start,
  end,
  text: " text",
  tokens: [END + 1, ...Array.from({ length: count }, () => 1), END + 2],
  temperature: 0,
  avgLogprob: 0,
  compressionRatio: 1,
  noSpeechProb: 0,
  ...extra,
});
const place = (segments: readonly HeardSegment[], words: ReturnType<typeof word>[], lastSpeechEnd = 0) =>
  placeWords(segments, words, { offsetSeconds: 0, lastSpeechEnd, endOfText: END });
const spans = (placed: readonly HeardSegment[]) =>
  placed.map(({ words }) => words?.map((one) => [one.word, one.start, one.end]));

describe("punctuation", () => {
  test("belongs to the word before, or behind it", () => {
    const texts = [" He", " said", ",", " “", "yes", ".", "”", " (", "no", ")", "!"];
    const merged = mergePunctuation(texts.map((text, index) => word(text, index, index + 1, [index])));
    expect(merged.map((one) => one.word).filter((text) => text !== "")).toEqual([" He", " said,", " “yes.”", " (no)!"]);
    expect(merged.flatMap(({ tokens }) => tokens)).toEqual(texts.map((_, index) => index));
  });

  test("keeps the times of its word", () => {
    expect(mergePunctuation([word(" yes", 1, 2), word(".", 2, 5)])[0]).toMatchObject({
      word: " yes.",
      start: 1,
      end: 2,
    });
  });
});

describe("words of a window", () => {
  test("go to the segments whose pieces they are, which begin and end with them", () => {
    const placed = place(
      [segment(0, 1, 2), segment(1, 2, 1)],
      [word(" a", 0.1, 0.3), word(" b", 0.3, 0.8), word(" c", 1.1, 1.7)],
    );
    expect(spans(placed)).toEqual([
      [
        [" a", 0.1, 0.3],
        [" b", 0.3, 0.8],
      ],
      [[" c", 1.1, 1.7]],
    ]);
    expect(placed.map(({ start, end }) => [start, end])).toEqual([
      [0.1, 0.8],
      [1.1, 1.7],
    ]);
  });

  test("that swallow the silence at the end of a sentence are cut", () => {
    const words = [word(" a", 0, 0.2), word(" b", 0.2, 0.4), word(".", 0.4, 5), word(" c", 5, 9), word(" d", 9, 9.2)];
    const placed = place([segment(0, 9.2, 5)], words);
    // Half of the words take 0.2 s, so none is taken to be longer than 0.4 s.
    expect(spans(placed)[0]).toEqual([
      [" a", 0, 0.2],
      [" b.", 0.2, 0.4],
      [" c", 8.6, 9],
      [" d", 9, 9.2],
    ]);
  });

  test("that swallow the silence before them are cut", () => {
    const words = [word(" a", 0, 6), word(" b", 6, 6.2), word(" c", 6.2, 6.4), word(" d", 6.4, 6.6)];
    const [first] = place([segment(0, 6.6, 4)], words);
    expect(first?.words?.[0]).toMatchObject({ start: 5.6, end: 6 });
    expect(first?.start).toBe(5.6);
  });

  test("do not reach far beyond what the segment says of itself", () => {
    const words = [word(" a", 2, 2.2), word(" b", 2.2, 2.4), word(" c", 2.4, 9)];
    const [only] = place([segment(2, 3, 3)], words, 2);
    expect([only?.words?.at(-1)?.end, only?.end]).toEqual([3, 3]);
  });

  test("of no segment are left out", () => {
    expect(spans(place([segment(0, 1, 1)], [word(" a", 0, 0.5), word(" b", 0.5, 1)]))).toEqual([[[" a", 0, 0.5]]]);
  });
});

describe("what is made up in silence", () => {
  const odd = (start: number, end: number, text = " odd") =>
    segment(start, end, 1, { words: [{ word: text, start, end, probability: 0.05 }] });
  const good = (start: number, end: number) => {
    const [first, last] = [
      [start, start + 0.3],
      [end - 0.3, end],
    ].map(([from = 0, to = 0]) => ({ word: " good", start: from, end: to, probability: 0.9 }));
    return segment(start, end, 2, { words: [first!, last!] });
  };
  const window = { startSeconds: 100, durationSeconds: 30, endSeconds: 130, lastSpeechEnd: 99, recordingSeconds: 1000 };

  test("at the beginning of a window is decoded again without the silence", () => {
    expect(skipHallucinations([odd(105, 106)], 2, window)).toEqual({ segments: [], seekSeconds: 105, isRetry: true });
  });

  test("between silences is left out, and what follows is decoded again", () => {
    const kept = good(100.5, 104);
    expect(skipHallucinations([kept, odd(110, 111), good(120, 121)], 2, window)).toEqual({
      segments: [kept],
      seekSeconds: 110,
      isRetry: false,
    });
  });

  test("at the end of the recording ends it", () => {
    const kept = good(100.5, 104);
    const skipped = skipHallucinations([kept, odd(128, 129)], 2, { ...window, recordingSeconds: 130 });
    expect(skipped).toEqual({ segments: [kept], seekSeconds: Infinity, isRetry: false });
  });

  test("is what is between words without a pause not", () => {
    const segments = [good(100.5, 110), odd(110.5, 111), good(111.2, 120)];
    expect(skipHallucinations(segments, 2, window)).toEqual({ segments, isRetry: false });
  });

  test("is a sure word of usual length not, and marks say nothing", () => {
    const segments = [good(110, 111), segment(120, 120.5, 1, { words: [] })];
    expect(skipHallucinations(segments, 2, window)).toEqual({ segments, isRetry: false });
    const marked = segment(105, 105.5, 2, {
      words: [
        { word: " good", start: 105, end: 105.4, probability: 0.9 },
        { word: ".", start: 105.4, end: 105.4, probability: 0.01 },
      ],
    });
    expect(skipHallucinations([marked], 2, window).isRetry).toBe(false);
  });
});
