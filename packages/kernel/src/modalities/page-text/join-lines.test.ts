import { expect, test } from "vitest";
import { joinLines } from "./join-lines.ts";

test.each([
  [["the docu-", "ment is here"], "the document is here"],
  [["in Baden-", "Württemberg"], "in Baden-Württemberg"],
  [["Ein-", "und Ausgang"], "Ein- und Ausgang"],
  [["pages 10-", "20"], "pages 10-20"],
  [["a dash -", "and more"], "a dash - and more"],
  [["soft\u00AD", "ware"], "software"],
  [["in\u00ADside"], "inside"],
  [["one", "", "two"], "one two"],
  [[], ""],
])("%j reads %j", (lines, text) => {
  expect(joinLines(lines)).toBe(text);
});
