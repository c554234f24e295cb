import { expect, test } from "vitest";
import { GlyphCodes } from "./glyph-codes.ts";

test("every character has one code, whatever plane it is from", () => {
  const codes = new GlyphCodes();
  expect(codes.encode("abba")).toBe("<0001000200020001>");
  expect(codes.encode("a\u{1F600}")).toBe("<00010003>");
  expect(codes.lastCode).toBe(3);
});

test("the CMap leads every code back to UTF-16", () => {
  const codes = new GlyphCodes();
  codes.encode("é\u{1F600}");
  expect(codes.toUnicode()).toContain("2 beginbfchar\n<0001> <00E9>\n<0002> <D83DDE00>\nendbfchar");
});

test("a section of the CMap holds at most a hundred characters", () => {
  const codes = new GlyphCodes();
  codes.encode(Array.from({ length: 250 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join(""));
  expect(codes.toUnicode().match(/\d+ beginbfchar/g)).toEqual(["100 beginbfchar", "100 beginbfchar", "50 beginbfchar"]);
});
