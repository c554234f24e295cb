import { lineText } from "./line-text.ts";
import type { PageTextBlock, PageTextLine, PageTextWord } from "./page-text-schema.ts";

/** Gap between two columns, in heights of a word. Spaces inside a cell are about a third of a height. */
const COLUMN_GAP_HEIGHTS = 0.8;

/**
 * Cells of a table block, one row per line. Columns are the stretches of the x axis that words of any row touch,
 * apart by more than a wide space: every row has the same number of cells.
 */
export function tableCells(block: Pick<PageTextBlock, "lines">): readonly (readonly string[])[] {
  const columns = findColumns(block.lines);
  return block.lines.map((line) => {
    const cells: PageTextWord[][] = columns.map(() => []);
    for (const word of line.words) {
      const index = columns.findIndex(([left, right]) => word.box[0] >= left && word.box[0] <= right);
      cells[index]?.push(word);
    }
    return cells.map((words) => lineText({ words }));
  });
}

function findColumns(lines: readonly PageTextLine[]): readonly (readonly [number, number])[] {
  const words = lines.flatMap((line) => line.words).sort((a, b) => a.box[0] - b.box[0]);
  const heights = words.map((word) => word.box[3] - word.box[1]).sort((a, b) => a - b);
  const minGapPixels = COLUMN_GAP_HEIGHTS * (heights[heights.length >> 1] ?? 0);
  const columns: [number, number][] = [];
  for (const { box } of words) {
    const last = columns.at(-1);
    if (last !== undefined && box[0] <= last[1] + minGapPixels) last[1] = Math.max(last[1], box[2]);
    else columns.push([box[0], Math.max(box[0], box[2])]);
  }
  return columns;
}
