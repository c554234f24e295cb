import { expect, test } from "vitest";
import { cleanLines } from "./clean-lines.ts";
import { segmentsOfLines } from "./ocr-lines.ts";

const word = (text: string, confidence: number, left = 0, heights: readonly [number, number] = [0, 20]) => ({
  text,
  confidence,
  box: [left, heights[0], left + text.length * 10, heights[1]] as const,
});
const line = (words: ReturnType<typeof word>[]) => ({ box: [0, 0, 100, 20] as const, words });

test("font sizes come from the heights of words, with and without ascenders and descenders", () => {
  const sizeOf = (text: string, height: number): number =>
    segmentsOfLines([{ words: [word(text, 1, 0, [0, height])] }])[0]!.fontSizePixels;
  expect(sizeOf("some", 48)).toBeCloseTo(100);
  expect(sizeOf("bold", 72)).toBeCloseTo(100);
  expect(sizeOf("grape", 68)).toBeCloseTo(100);
  expect(sizeOf("Typing", 92)).toBeCloseTo(100);
});

test("each word gets its stretch of the line's base line", () => {
  const [segment] = segmentsOfLines([
    { words: [word("left", 1, 0), word("right", 1, 60)], baseline: [0, 20, 110, 31] },
  ]);
  expect(segment!.words[1]!.baseline).toEqual([60, 26, 110, 31]);
});

test("what an engine sees in pictures is taken out", () => {
  const good = line([word("Proper", 0.95), word("sentence", 0.93)]);
  const texture = line([word("//", 0.3), word("iM", 0.12)]);
  expect(cleanLines([good, texture])).toEqual([good]);
});

test("a weak line with one word the engine is sure of stays", () => {
  const mixed = line([word("nagusiak", 0.88), word("~~~~~~~~~~~~~~~", 0.01)]);
  expect(cleanLines([line([word("Proper", 0.95), word("sentence", 0.93)]), mixed])).toHaveLength(2);
});

test("nothing is taken out of a page that is bad as a whole", () => {
  const bad = [line([word("Prqper", 0.35), word("sontence", 0.3)]), line([word("ok", 0.75)])];
  expect(cleanLines(bad)).toHaveLength(2);
});

test("signs that engines take bullets for become bullets, at the beginning of a line only", () => {
  const texts = (words: string[]): string =>
    cleanLines([line(words.map((text) => word(text, 0.9)))])[0]!
      .words.map(({ text }) => text)
      .join(" ");
  expect(texts(["¢", "first", "item"])).toBe("• first item");
  expect(texts(["costs", "5", "¢"])).toBe("costs 5 ¢");
  expect(texts(["©"])).toBe("©");
});
