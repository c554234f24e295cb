import { expect, test } from "vitest";
import { judgeText } from "./text-quality.ts";

test.each([
  ["", "none"],
  [" \n\t ", "none"],
  ["Page 3 of 12", "few"],
  ["\uE001\uE002\uE003 \uFFFD\uFFFD ab", "garbage"],
  ["This page has a proper text layer, and it is long enough.", "good"],
  ["Этот текст — настоящий, и он достаточно длинный для страницы.", "good"],
  ["这一页有文字层，并且足够长，可以算作真正的文字层。这一页有文字层，并且足够长，可以。", "good"],
])("%j is %s", (text, quality) => {
  expect(judgeText(text)).toBe(quality);
});
