import { type SpeakerTurn, type Transcript, transcript as transcriptModality } from "@stargate/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attributeTranscript } from "./attribute-transcript.ts";
import { createSpeakerLookup } from "./speaker-lookup.ts";

const turn = (startSeconds: number, endSeconds: number, speaker: string): SpeakerTurn => ({
  startSeconds,
  endSeconds,
  speaker,
});
const spoken = (segments: Transcript["segments"], durationSeconds = 100): Transcript => ({
  text: segments.map(({ text }) => text).join(""),
  language: "en",
  task: "transcribe",
  durationSeconds,
  segments,
  recogniser: { name: "test", quality: 1 },
});
const worded = (text: string, startSeconds: number): Transcript["segments"][number] => {
  const words = text
    .trim()
    .split(/\s+/)
    .map((word, index) => ({ text: word, startSeconds: startSeconds + index, endSeconds: startSeconds + index + 0.9 }));
  return { startSeconds, endSeconds: startSeconds + words.length, text, words, tokens: [1, 2], temperature: 0.2 };
};
const attributed = (segments: Transcript["segments"], turns: readonly SpeakerTurn[]) =>
  attributeTranscript(spoken(segments), { durationSeconds: 100, diariser: "test", turns }).segments;

describe("who said what", () => {
  test("is whose turn overlaps a segment most, where there are no words", () => {
    const segments = [
      { startSeconds: 0, endSeconds: 4, text: "one" },
      { startSeconds: 10, endSeconds: 12, text: "two" },
    ];
    expect(attributed(segments, [turn(0, 1.5, "A"), turn(1.5, 3, "B"), turn(3, 4, "A")])).toEqual([
      { ...segments[0], speaker: "A" },
      segments[1],
    ]);
  });

  test("changes between words; spaces go with the word behind them, tokens with nobody", () => {
    const [first, second, ...more] = attributed([worded(" Is it? It is, yes.", 0)], [turn(0, 2, "A"), turn(2, 5, "B")]);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ speaker: "A", text: " Is it?", startSeconds: 0, endSeconds: 1.9, temperature: 0.2 });
    expect(second).toMatchObject({ speaker: "B", text: " It is, yes.", startSeconds: 2, endSeconds: 5 });
    expect([first, second].map((segment) => segment?.tokens)).toEqual([undefined, undefined]);
  });

  test("is who spoke before, for a word in nobody's turn, and who speaks first, at the beginning", () => {
    const turns = [turn(1, 2, "A"), turn(3, 4, "B")];
    const found = attributed([worded("a b c d e", 0)], turns);
    expect(found.map(({ text, speaker }) => [text, speaker])).toEqual([
      ["a b c", "A"],
      [" d e", "B"],
    ]);
  });

  test("moves no segment that follows: a part that would begin after it begins with it", () => {
    const next = { startSeconds: 2, endSeconds: 6, text: " next" };
    const found = attributed([worded(" a b c d", 0), next], [turn(0, 3, "A"), turn(3, 6, "B")]);
    expect(found.map(({ text, startSeconds, endSeconds }) => [text, startSeconds, endSeconds])).toEqual([
      [" a b c", 0, 2.9],
      [" d", 2, 4],
      [" next", 2, 6],
    ]);
  });

  test("is not cut where the words are not those of the text", () => {
    const segment = { ...worded("a b", 0), text: "x y" };
    expect(attributed([segment], [turn(0, 1, "A"), turn(1, 2, "B")])).toEqual([{ ...segment, speaker: "A" }]);
  });
});

test("a transcript keeps its text, its words and a valid order, whoever speaks when", () => {
  const turns = fc.array(
    fc.record({
      startSeconds: fc.integer({ min: 0, max: 40 }),
      length: fc.integer({ min: 1, max: 30 }),
      speaker: fc.constantFrom("A", "B", "C"),
    }),
    { maxLength: 12 },
  );
  const lengths = fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 6 }), fc.integer({ min: -2, max: 2 })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(turns, lengths, (spans, shape) => {
      let at = 0;
      let end = 0;
      const segments = shape.map(([gap, words, overlap]) => {
        const segment = worded(Array.from({ length: words }, (_, index) => ` w${index}.`).join(""), at + gap);
        at += gap + words;
        // Segments may overlap their neighbours, their words may not.
        const startSeconds = Math.max(0, segment.startSeconds - Math.max(0, overlap));
        end = Math.max(end, segment.endSeconds + Math.min(0, overlap));
        return { ...segment, startSeconds, endSeconds: Math.max(end, startSeconds) };
      });
      for (let index = segments.length - 2; index >= 0; index--)
        segments[index]!.startSeconds = Math.min(segments[index]!.startSeconds, segments[index + 1]!.startSeconds);
      const given = spoken(segments);
      expect(transcriptModality.schema.safeParse(given).success).toBe(true);
      const found = attributeTranscript(given, {
        durationSeconds: 100,
        diariser: "test",
        turns: spans
          .toSorted((a, b) => a.startSeconds - b.startSeconds)
          .map(({ startSeconds, length, speaker }) => turn(startSeconds, startSeconds + length, speaker)),
      });
      expect(transcriptModality.schema.safeParse(found).error).toBeUndefined();
      expect(found.segments.map(({ text }) => text).join("")).toBe(given.text);
      expect(found.segments.flatMap(({ words = [] }) => words)).toEqual(given.segments.flatMap(({ words }) => words));
    }),
  );
});

test("looking a speaker up is the same as adding all overlaps", () => {
  const span = fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 50 }), fc.constantFrom("A", "B", "C"));
  fc.assert(
    fc.property(
      fc.array(span, { maxLength: 15 }),
      fc.nat(100),
      fc.integer({ min: 1, max: 30 }),
      (spans, from, length) => {
        const turns = spans.toSorted(([a], [b]) => a - b).map(([start, own, name]) => turn(start, start + own, name));
        const sums = new Map<string, number>();
        for (const { startSeconds, endSeconds, speaker } of turns) {
          const overlap = Math.min(endSeconds, from + length) - Math.max(startSeconds, from);
          if (overlap > 0) sums.set(speaker, (sums.get(speaker) ?? 0) + overlap);
        }
        const found = createSpeakerLookup(turns)(from, from + length);
        const most = Math.max(0, ...sums.values());
        expect(found === undefined ? 0 : sums.get(found)).toBe(most);
      },
    ),
  );
});
