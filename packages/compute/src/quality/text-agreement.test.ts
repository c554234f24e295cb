import { expect, test } from "vitest";
import { textAgreement } from "./text-agreement.ts";

test.for([
  ["kitten", "kitten", 1],
  ["kitten", "sitting", 4 / 7],
  ["", "", 1],
  ["", "abc", 0],
  ["straße", "strasse", 1 - 2 / 7],
] as const)("%s against %s", ([answer, corrected, expected]) => {
  expect(textAgreement(answer, corrected)).toBeCloseTo(expected, 9);
});

test("long texts are compared by words", () => {
  const words = Array.from({ length: 1000 }, (_, index) => `word${index}`);
  const corrected = words.with(7, "other");
  expect(textAgreement(words.join(" "), corrected.join(" "))).toBeCloseTo(0.999, 9);
});

test("a book is not compared at all", () => {
  expect(textAgreement("a ".repeat(3000), "a ".repeat(3000))).toBeUndefined();
});
