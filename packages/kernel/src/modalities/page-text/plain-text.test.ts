import { expect, test } from "vitest";
import { textBlock, textPage, textPages } from "../../../../../test/support/page-text-fixture.ts";
import { pageTextToPlainText } from "./plain-text.ts";

test("lines are kept, blocks are apart by a blank line, pages by a form feed", () => {
  const value = textPages(
    textPage([textBlock("heading", ["Title"]), textBlock("text", ["first line", "second line"])]),
    textPage([textBlock("text", ["next page"])], { number: 2 }),
  );
  expect(pageTextToPlainText(value)).toBe("Title\n\nfirst line\nsecond line\n\fnext page\n");
});

test("an empty page still counts as a page", () => {
  expect(pageTextToPlainText(textPages(textPage([]), textPage([textBlock("text", ["two"])])))).toBe("\ftwo\n");
});

test("a form feed inside a word is no page break", () => {
  const block = textBlock("text", ["word"]);
  const [line] = block.lines;
  const nasty = { ...block, lines: [{ ...line!, words: [{ ...line!.words[0]!, text: "a\fb\u0007" }] }] };
  expect(pageTextToPlainText(textPages(textPage([nasty])))).toBe("a b\n");
});

test("ideographs are not separated by spaces", () => {
  expect(pageTextToPlainText(textPages(textPage([textBlock("text", ["世 界 is big"])])))).toBe("世界 is big\n");
});
