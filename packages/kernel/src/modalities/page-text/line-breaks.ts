import type { PageTextBlock } from "./page-text-schema.ts";

/** Width of a space, in heights of a word. */
const SPACE_HEIGHTS = 0.3;
/** Lines of an address hold no more words than this on average. */
const SHORT_LINE_WORDS = 5;

/**
 * Whether the lines of a block are meant as lines (an address, a signature) rather than broken where a paragraph was
 * full: after most of them, of short lines after a third, the first word of the next line would still have fitted.
 */
export function hasMeantLineBreaks(block: Pick<PageTextBlock, "lines">): boolean {
  const lines = block.lines.filter((line) => line.words.length > 0);
  const right = Math.max(...lines.map((line) => line.box[2]));
  const meant = lines.slice(1).filter((line, at) => {
    const word = line.words[0]?.box ?? line.box;
    const end = lines[at]?.box[2] ?? right;
    return end + SPACE_HEIGHTS * (word[3] - word[1]) + word[2] - word[0] <= right;
  });
  const words = lines.reduce((sum, line) => sum + line.words.length, 0);
  const share = words <= SHORT_LINE_WORDS * lines.length ? 1 / 3 : 1 / 2;
  return lines.length > 1 && meant.length >= share * (lines.length - 1);
}
