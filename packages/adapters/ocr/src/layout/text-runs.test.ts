import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { segmentsOfRuns, type TextRun } from "./text-runs.ts";

const run = (text: string, x: number, y: number, more: Partial<TextRun> = {}): TextRun => ({
  text,
  x,
  y,
  widthPixels: text.length * 5,
  fontSizePixels: 10,
  ascent: 0.8,
  descent: 0.2,
  endsLine: false,
  ...more,
});
const textOf = (runs: readonly TextRun[]): string[] =>
  segmentsOfRuns(runs).map((segment) => segment.words.map((word) => word.text).join(" "));

describe("words of a text layer", () => {
  test("are cut at white space, with boxes inside their run", () => {
    const [segment] = segmentsOfRuns([run("two words", 100, 50)]);
    const [two, words] = segment!.words;
    expect([two!.text, words!.text]).toEqual(["two", "words"]);
    expect(two!.box[0]).toBe(100);
    expect(two!.box[2]).toBeLessThan(words!.box[0]);
    expect(words!.box).toEqual([expect.any(Number), 42, 145, 52]);
  });

  test("are joined across runs that touch, and not across those that do not", () => {
    expect(textOf([run("Bold", 0, 50), run("ly", 20, 50), run("gone", 33, 50)])).toEqual(["Boldly gone"]);
  });

  test("are not joined over a space that a run begins or ends with", () => {
    expect(textOf([run("one ", 0, 50, { widthPixels: 15 }), run("two", 15.5, 50)])).toEqual(["one two"]);
    expect(textOf([run("one", 0, 50), run(" ", 15, 50, { widthPixels: 0.5 }), run("two", 15.5, 50)])).toEqual([
      "one two",
    ]);
  });

  test("with raised numbers stay on their line", () => {
    expect(
      textOf([run("area", 0, 50), run("2", 21, 46, { fontSizePixels: 6, widthPixels: 3 }), run("is large", 30, 50)]),
    ).toEqual(["area2 is large"]);
  });

  test("drawn twice in one place, as imitated bold type is, count once", () => {
    expect(textOf([run("Total", 0, 50), run("Total", 0.3, 50), run("due", 30, 50)])).toEqual(["Total due"]);
  });

  test("of right-to-left scripts are read from the right", () => {
    expect(textOf([run("עולם", 0, 50), run("שלום", 30, 50)])).toEqual(["שלום עולם"]);
  });

  test("of lines close above one another are kept apart", () => {
    expect(textOf([run("upper", 0, 50), run("lower", 0, 60)])).toEqual(["upper", "lower"]);
  });

  test("keep every character that is not white space", () => {
    const runs = fc.array(fc.record({ text: fc.string({ unit: "grapheme", maxLength: 12 }), line: fc.nat(20) }), {
      maxLength: 40,
    });
    const characters = (texts: readonly string[]): string =>
      Array.from(texts.join("").replace(/\s/gu, "")).sort().join("");
    fc.assert(
      fc.property(runs, (items) => {
        // Runs of a line stand behind one another: in one place the page would show them twice.
        const placed = items.map(({ text, line }, index) => run(text, index * 200, line * 14));
        expect(characters(textOf(placed))).toBe(characters(items.map(({ text }) => text)));
      }),
      { seed: 23, numRuns: 300 },
    );
  });
});
