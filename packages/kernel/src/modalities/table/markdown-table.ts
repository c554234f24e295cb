import type { Table } from "../media-values.ts";

/** Writes a GitHub Flavored Markdown table (spec 4.10). Pipes are escaped, line breaks become `<br>`. */
export function writeMarkdownTable({ columns, rows }: Table): string {
  const line = (cells: readonly (string | number | boolean | null)[]): string =>
    `| ${cells.map(escapeCell).join(" | ")} |\n`;
  return line(columns) + line(columns.map(() => "---")) + rows.map(line).join("");
}

function escapeCell(cell: string | number | boolean | null): string {
  return (cell === null ? "" : String(cell))
    .replaceAll("\\", "\\\\")
    .replaceAll("|", "\\|")
    .replaceAll(/\r\n|\r|\n/g, "<br>");
}
