import { joinLines } from "./join-lines.ts";
import { hasMeantLineBreaks } from "./line-breaks.ts";
import { lineText } from "./line-text.ts";
import type { PageText, PageTextBlock } from "./page-text-schema.ts";
import { tableCells } from "./table-cells.ts";

/** Two headings whose font sizes differ by less than this ratio have the same level. */
const SAME_SIZE_RATIO = 1.1;

const bullet = /^[•◦▪‣·●○■*–-]\s+/u;
const ordinal = /^\(?(\d{1,2})[.)]\s+/;

/** GitHub-flavoured Markdown: headings by font size, paragraphs with divided words joined, lists, tables. */
export function pageTextToMarkdown(value: PageText): string {
  const blocks = value.pages.flatMap((page) =>
    page.blocks.map((block) => ({ block, inches: headingPixels(block) / page.dpi })),
  );
  const levels = headingLevels(blocks.filter(({ block }) => block.kind === "heading").map(({ inches }) => inches));
  const parts = blocks.map(({ block, inches }) => blockToMarkdown(block, levels(inches))).filter((part) => part !== "");
  return parts.length === 0 ? "" : `${parts.join("\n\n")}\n`;
}

function blockToMarkdown(block: PageTextBlock, level: number): string {
  if (block.kind === "table") return tableToMarkdown(block);
  const lines = block.lines.map(lineText).filter((line) => line !== "");
  if (lines.length === 0) return "";
  if (block.kind === "heading") return `${"#".repeat(level)} ${escapeInline(joinLines(lines))}`;
  if (block.kind === "list") return listToMarkdown(lines);
  // Two spaces at the end of a line keep the break.
  if (hasMeantLineBreaks(block)) return lines.map((line) => escapeStart(escapeInline(line))).join("  \n");
  return escapeStart(escapeInline(joinLines(lines)));
}

/** An item begins at a bullet or number; other lines continue the item before. */
function listToMarkdown(lines: readonly string[]): string {
  const items: { mark: string; lines: string[] }[] = [];
  for (const line of lines) {
    const number = ordinal.exec(line)?.[1];
    const last = items.at(-1);
    if (number !== undefined) items.push({ mark: `${Number(number)}.`, lines: [line.replace(ordinal, "")] });
    else if (bullet.test(line) || last === undefined) items.push({ mark: "-", lines: [line.replace(bullet, "")] });
    else last.lines.push(line);
  }
  return items.map((item) => `${item.mark} ${escapeStart(escapeInline(joinLines(item.lines)))}`).join("\n");
}

function tableToMarkdown(block: PageTextBlock): string {
  const rows = tableCells(block).filter((cells) => cells.some((cell) => cell !== ""));
  const [header, ...body] = rows.map(
    (cells) => `| ${cells.map((cell) => escapeInline(cell).replaceAll("|", "\\|")).join(" | ")} |`,
  );
  if (header === undefined) return "";
  const rule = `|${" --- |".repeat(rows[0]?.length ?? 0)}`;
  return [header, rule, ...body].join("\n");
}

/** Characters that would start markup anywhere in a line; an underscore only does at the edge of a word. */
function escapeInline(text: string): string {
  return text.replace(/[\\`*[\]<]/g, "\\$&").replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_");
}

/** Characters that would make a heading, quotation, rule or list of a paragraph. */
function escapeStart(text: string): string {
  return text.replace(/^([#>+=~-])/, "\\$1").replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}

function headingPixels(block: PageTextBlock): number {
  const line = block.lines[0];
  return line === undefined ? 0 : (line.fontSizePixels ?? line.box[3] - line.box[1]);
}

/** The largest heading of the document has level 1, the next smaller size level 2, down to 6. */
function headingLevels(sizes: readonly number[]): (size: number) => number {
  const starts: number[] = [];
  for (const size of [...sizes].sort((a, b) => b - a)) {
    const last = starts.at(-1);
    if (last === undefined || size * SAME_SIZE_RATIO < last) starts.push(size);
  }
  return (size) => Math.min(6, Math.max(1, starts.filter((start) => start >= size).length));
}
