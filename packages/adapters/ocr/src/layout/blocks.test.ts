import { describe, expect, test } from "vitest";
import { toBlocks } from "./blocks.ts";
import { makeSegment, type Segment } from "./segment.ts";

interface Line {
  readonly text: string;
  readonly x?: number;
  readonly y: number;
  readonly size?: number;
}

function segmentOf({ text, x = 50, y, size = 10 }: Line): Segment {
  let left = x;
  return makeSegment(
    text.split(" ").map((word) => {
      const box = [left, y - size * 0.8, left + word.length * size * 0.5, y + size * 0.2] as const;
      left = box[2] + size * 0.25;
      return { text: word, box, confidence: 1, baseline: [box[0], y, box[2], y] as const, fontSizePixels: size };
    }),
  );
}

const blocksOf = (lines: readonly Line[]): string[] =>
  toBlocks(lines.map(segmentOf), 10).map(
    (block) => `${block.kind}: ${block.lines.map((line) => line.words.map((word) => word.text).join(" ")).join(" / ")}`,
  );

describe("blocks", () => {
  test("begin at a gap wider than the line distance", () => {
    expect(
      blocksOf([
        { text: "one", y: 10 },
        { text: "two", y: 22 },
        { text: "three", y: 34 },
        { text: "four", y: 60 },
        { text: "five", y: 72 },
      ]),
    ).toEqual(["text: one / two / three", "text: four / five"]);
  });

  test("begin at an indented line", () => {
    const lines = [
      { text: "first paragraph", y: 10 },
      { text: "goes on", y: 22 },
      { text: "second", x: 62, y: 34 },
      { text: "goes on", y: 46 },
    ];
    expect(blocksOf(lines)).toEqual(["text: first paragraph / goes on", "text: second / goes on"]);
  });

  test("in a larger font are headings, when they are short and no sentence", () => {
    const body = { text: "Body text of this page", y: 60 };
    expect(blocksOf([{ text: "Heading", y: 20, size: 14 }, body])).toEqual([
      "heading: Heading",
      "text: Body text of this page",
    ]);
    expect(blocksOf([{ text: "This is said in a larger font.", y: 20, size: 13 }, body])[0]).toMatch(/^text/);
    expect(blocksOf([{ text: "A long sentence ".repeat(12).trim(), y: 20, size: 16 }, body])[0]).toMatch(/^text/);
  });

  test("of items are lists, and indented lines continue an item", () => {
    const lines = [
      { text: "• first item", y: 10 },
      { text: "goes on", x: 57.5, y: 22 },
      { text: "• second item", y: 34 },
      { text: "Afterwards", x: 45, y: 46 },
    ];
    expect(blocksOf(lines)).toEqual(["list: • first item / goes on / • second item", "text: Afterwards"]);
    expect(
      blocksOf([
        { text: "1. one", y: 10 },
        { text: "2. two", y: 22 },
      ]),
    ).toEqual(["list: 1. one / 2. two"]);
  });

  test("put cells of one row on one line, left to right", () => {
    const rows = [10, 24, 38].flatMap((y) => [
      { text: `right${y}`, x: 200, y: y + 1 },
      { text: `left${y}`, y },
    ]);
    expect(blocksOf(rows)).toEqual(["table: left10 right10 / left24 right24 / left38 right38"]);
  });

  test("keep base lines at the ends of lines, and boxes in tenths of a pixel", () => {
    const [block] = toBlocks([segmentOf({ text: "one two three", x: 50.123, y: 10 })], 10);
    const words = block!.lines[0]!.words;
    expect(words.map((word) => word.baseline !== undefined)).toEqual([true, false, true]);
    expect(words[0]!.box).toEqual([50.1, 2, 65.1, 12]);
    expect(block!.lines[0]!.fontSizePixels).toBe(10);
  });
});
