import { expect, test } from "vitest";
import { textBlock, textPage, textPages } from "../../../../../test/support/page-text-fixture.ts";
import { pageTextToMarkdown } from "./markdown.ts";

const markdown = (...blocks: Parameters<typeof textPage>[0]) => pageTextToMarkdown(textPages(textPage(blocks)));

test("headings get their level from their font size", () => {
  const text = markdown(
    textBlock("heading", ["Report"], { fontSizePixels: 40 }),
    textBlock("heading", ["Part"], { fontSizePixels: 30 }),
    textBlock("heading", ["Another part"], { fontSizePixels: 29 }),
    textBlock("heading", ["Detail"], { fontSizePixels: 20 }),
  );
  expect(text).toBe("# Report\n\n## Part\n\n## Another part\n\n### Detail\n");
});

test("the same size at another resolution is the same level", () => {
  const large = textPage([textBlock("heading", ["One"], { fontSizePixels: 40 })], { dpi: 100 });
  const same = textPage([textBlock("heading", ["Two"], { fontSizePixels: 80 })], { dpi: 200, number: 2 });
  expect(pageTextToMarkdown(textPages(large, same))).toBe("# One\n\n# Two\n");
});

test("a paragraph is one line with divided words joined", () => {
  expect(markdown(textBlock("text", ["This para-", "graph goes on", "and ends."]))).toBe(
    "This paragraph goes on and ends.\n",
  );
});

test("lines that end before the next word would not have fitted are kept", () => {
  expect(markdown(textBlock("text", ["Bill to", "Maple Street Bakery", "410 Maple Street", "Springfield"]))).toBe(
    "Bill to  \nMaple Street Bakery  \n410 Maple Street  \nSpringfield\n",
  );
});

test("list items begin at bullets and numbers, other lines continue them", () => {
  expect(markdown(textBlock("list", ["• first item", "goes on", "• second"]))).toBe("- first item goes on\n- second\n");
  expect(markdown(textBlock("list", ["1) one", "2) two"]))).toBe("1. one\n2. two\n");
});

test("a table becomes a GFM table with empty cells kept", () => {
  const table = textBlock("table", [
    "Item           Quantity    Price",
    "Blue pen       2           1.50",
    "Paper a|b                  3.00",
  ]);
  expect(markdown(table)).toBe(
    "| Item | Quantity | Price |\n| --- | --- | --- |\n| Blue pen | 2 | 1.50 |\n| Paper a\\|b |  | 3.00 |\n",
  );
});

test("text that looks like markup is escaped", () => {
  expect(markdown(textBlock("text", ["# no heading"]))).toBe("\\# no heading\n");
  expect(markdown(textBlock("text", ["1. no list"]))).toBe("1\\. no list\n");
  expect(markdown(textBlock("text", ["*a* <b> [c] `d` snake_case _e_"]))).toBe(
    "\\*a\\* \\<b> \\[c\\] \\`d\\` snake_case \\_e\\_\n",
  );
});

test("an empty document is empty", () => {
  expect(pageTextToMarkdown({ pages: [], pageCount: 0 })).toBe("");
});
