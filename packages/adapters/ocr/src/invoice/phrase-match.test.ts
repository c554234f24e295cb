import { expect, test } from "vitest";
import type { PlacedWord } from "./placed-words.ts";
import { createPhraseMatcher, editDistanceWithin } from "./phrase-match.ts";

const matcher = createPhraseMatcher({
  total: ["total", "grand total", "gesamtbetrag"],
  tax: ["vat", "zuzüglich mwst"],
  date: ["invoice date"],
});

function words(text: string, gapPixels = 5): readonly PlacedWord[] {
  let left = 0;
  return text.split(" ").map((word) => {
    const box = [left, 0, left + word.length * 10, 20] as const;
    left = box[2] + gapPixels;
    return { text: word, box, confidence: 1, page: 1, dpi: 100 };
  });
}

const found = (text: string, gapPixels?: number) =>
  matcher.find(words(text, gapPixels)).map(({ meaning, start, end }) => [meaning, start, end]);

test("the longest phrase wins, case, accents and punctuation aside", () => {
  expect(found("GRAND Total: 12.00")).toEqual([["total", 0, 2]]);
  expect(found("Zuzuglich MwSt. 19 %")).toEqual([["tax", 0, 2]]);
});

test("long phrases may have a misread letter, short ones may not", () => {
  expect(found("Gesarntbetrag")).toEqual([["total", 0, 1]]);
  expect(found("Invoiee Date")).toEqual([["date", 0, 2]]);
  expect(found("vet")).toEqual([]);
});

test("words of two columns are no phrase", () => {
  expect(found("Invoice Date", 100)).toEqual([]);
});

test("edit distance stops at its limit", () => {
  expect(editDistanceWithin("kitten", "sitting", 3)).toBe(true);
  expect(editDistanceWithin("kitten", "sitting", 2)).toBe(false);
});
