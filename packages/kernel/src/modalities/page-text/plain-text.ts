import { lineText } from "./line-text.ts";
import type { PageText, PageTextPage } from "./page-text-schema.ts";

/** Reading order as plain text: lines kept, a blank line between blocks, a form feed (U+000C) between pages. */
export function pageTextToPlainText(value: PageText): string {
  return value.pages.map(pageToPlainText).join("\f");
}

/** One page; ends with a line feed unless it is empty. */
function pageToPlainText(page: PageTextPage): string {
  const blocks = page.blocks
    .map((block) =>
      block.lines
        .map(lineText)
        .filter((line) => line !== "")
        .join("\n"),
    )
    .filter((block) => block !== "");
  return blocks.length === 0 ? "" : `${blocks.join("\n\n")}\n`;
}
