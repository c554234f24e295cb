import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitColumns } from "./columns.ts";
import { layoutPage } from "./layout-page.ts";
import { makeSegment, type Segment, toSegments } from "./segment.ts";

const size = 10;

/** A segment of words of equal width whose base line lies at `y`. */
function segment(text: string, x: number, y: number, fontSizePixels = size): Segment {
  let left = x;
  const words = text.split(" ").map((word) => {
    const width = word.length * fontSizePixels * 0.5;
    const box = [left, y - fontSizePixels * 0.8, left + width, y + fontSizePixels * 0.2] as const;
    left += width + fontSizePixels * 0.25;
    return { text: word, box, confidence: 1, baseline: [box[0], y, box[2], y] as const, fontSizePixels };
  });
  return makeSegment(words);
}

const textOf = (segments: readonly Segment[]): string =>
  segments.map((item) => item.words.map((word) => word.text).join(" ")).join(" | ");
const readingOrder = (segments: readonly Segment[]): string =>
  layoutPage(segments)
    .flatMap((block) => block.lines.map((line) => line.words.map((word) => word.text).join(" ")))
    .join(" | ");

/** Lines of running text named by `name`, 30 characters wide. */
const column = (name: string, x: number, y: number, lines: number, leading = 14): Segment[] =>
  Array.from({ length: lines }, (_, index) =>
    segment(`${name}${index + 1} some words of running text`, x, y + index * leading),
  );
const names = (order: string): string => order.replaceAll(" some words of running text", "");

describe("columns", () => {
  test("are read one after the other, whatever order their lines come in", () => {
    const page = [...column("right", 250, 100, 5), ...column("left", 50, 100, 5)];
    expect(names(readingOrder(page.reverse()))).toBe(
      "left1 | left2 | left3 | left4 | left5 | right1 | right2 | right3 | right4 | right5",
    );
  });

  test("begin below a title across both, and end above a line across both", () => {
    const across = (text: string, y: number): Segment =>
      segment(`${text} a line of running text that goes across the whole of the page here`, 50, y);
    const page = [
      across("bottom", 180),
      ...column("left", 50, 100, 4),
      ...column("right", 250, 100, 4),
      across("top", 60),
    ];
    expect(
      names(readingOrder(page)).replaceAll(" a line of running text that goes across the whole of the page here", ""),
    ).toBe("top | left1 | left2 | left3 | left4 | right1 | right2 | right3 | right4 | bottom");
  });

  test("may be three", () => {
    const page = [...column("c", 450, 100, 4), ...column("a", 50, 100, 4), ...column("b", 250, 100, 4)];
    expect(names(readingOrder(page))).toBe("a1 | a2 | a3 | a4 | b1 | b2 | b3 | b4 | c1 | c2 | c3 | c4");
  });

  test("of different length keep their last lines", () => {
    const page = [...column("left", 50, 100, 8), ...column("right", 250, 100, 3)];
    expect(names(readingOrder(page))).toBe(
      "left1 | left2 | left3 | left4 | left5 | left6 | left7 | left8 | right1 | right2 | right3",
    );
  });

  test("whose lines are narrow are columns when their base lines differ", () => {
    const address = ["Acme Ltd", "12 High Street", "Leeds"].map((text, index) => segment(text, 50, 100 + index * 14));
    const facts = ["Invoice 4711", "12 May 2026"].map((text, index) => segment(text, 300, 107 + index * 14));
    expect(readingOrder([...facts, ...address])).toBe("Acme Ltd | 12 High Street | Leeds | Invoice 4711 | 12 May 2026");
  });

  test("of a table are none: rows are read across", () => {
    const rows = [
      ["Item", "Qty", "Price"],
      ["Paint", "2", "14.00"],
      ["Brush", "11", "3.50"],
      ["Ladder", "1", "89.00"],
    ];
    const page = rows.flatMap((cells, row) =>
      cells.map((cell, index) => segment(cell, 50 + index * 150, 100 + row * 16)),
    );
    expect(readingOrder(page)).toBe("Item Qty Price | Paint 2 14.00 | Brush 11 3.50 | Ladder 1 89.00");
    expect(layoutPage(page).map((block) => block.kind)).toEqual(["table"]);
  });

  test("do not swallow the heading of the full-width text below them", () => {
    const heading = segment("Heading", 50, 200);
    const below = [0, 1, 2].map((index) =>
      segment(`below${index} a line of running text that goes across the whole of the page here`, 50, 216 + index * 14),
    );
    const order = readingOrder([...column("left", 50, 100, 5), ...column("right", 250, 100, 5), heading, ...below]);
    expect(names(order).split(" | ").slice(9, 12)).toEqual(["right5", "Heading", expect.stringContaining("below0")]);
  });

  test("lose and double nothing", () => {
    const place = fc.record({
      x: fc.integer({ min: 0, max: 500 }),
      y: fc.integer({ min: 0, max: 700 }),
      words: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 60 }), (places) => {
        const page = places.map(({ x, y, words }, index) =>
          segment(Array.from({ length: words }, () => `w${index}`).join(" "), x, y),
        );
        const sorted = (segments: readonly Segment[]): string[] => segments.map((item) => textOf([item])).sort();
        expect(sorted(splitColumns(page).flat())).toEqual(sorted(page));
        const words = layoutPage(page).flatMap((block) => block.lines.flatMap((line) => line.words));
        expect(words).toHaveLength(places.reduce((sum, { words: count }) => sum + count, 0));
      }),
      { seed: 17, numRuns: 200 },
    );
  });
});

test("words far apart on one line are segments of their own", () => {
  const words = segment("one two", 0, 10).words;
  const far = segment("three", 200, 10).words;
  expect(toSegments([...words, ...far]).map((item) => textOf([item]))).toEqual(["one two", "three"]);
});
