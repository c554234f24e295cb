import { wordText } from "./line-text.ts";
import type { Box, PageText, PageTextPage } from "./page-text-schema.ts";
import { roundBox } from "./pixel-geometry.ts";

const header = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext";

/**
 * Tesseract's TSV: one row per page (level 1), block (2), paragraph (3), line (4) and word (5); pixels, confidence in
 * percent, -1 for what is no word. A block is one paragraph.
 */
export function pageTextToTsv(value: PageText): string {
  return `${[header, ...value.pages.flatMap(pageRows)].join("\n")}\n`;
}

function pageRows(page: PageTextPage): readonly string[] {
  const rows = [row(1, [page.number, 0, 0, 0, 0], [0, 0, page.widthPixels, page.heightPixels])];
  page.blocks.forEach((block, blockAt) => {
    rows.push(
      row(2, [page.number, blockAt + 1, 0, 0, 0], block.box),
      row(3, [page.number, blockAt + 1, 1, 0, 0], block.box),
    );
    block.lines.forEach((line, lineAt) => {
      rows.push(row(4, [page.number, blockAt + 1, 1, lineAt + 1, 0], line.box));
      line.words.forEach((word, wordAt) => {
        const percent = Math.round(word.confidence * 1e6) / 1e4;
        rows.push(
          row(5, [page.number, blockAt + 1, 1, lineAt + 1, wordAt + 1], word.box, percent, wordText(word.text)),
        );
      });
    });
  });
  return rows;
}

function row(level: number, numbers: readonly number[], box: Box, percent = -1, text = ""): string {
  const [left, top, right, bottom] = roundBox(box);
  return [level, ...numbers, left, top, Math.max(0, right - left), Math.max(0, bottom - top), percent, text].join("\t");
}
