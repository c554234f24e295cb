import type { BenchResult } from "./result.ts";

/** Results as a table, the goal beside each value. */
export function formatTable(suite: string, results: readonly BenchResult[]): string {
  const rows = results.map(({ name, value, unit, goal, met, baseline }) => [
    name,
    `${value} ${unit}`,
    goal ?? "",
    met === null ? "" : met ? "met" : "MISSED",
    baseline === null ? "" : `${baseline} ${unit}`,
  ]);
  const header = [suite, "value", "goal", "", "baseline"];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [header, widths.map((width) => "-".repeat(width)), ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Results as one line of JSON, the last line of `--json`. */
export function formatJson(suite: string, results: readonly BenchResult[]): string {
  return JSON.stringify({ suite, results });
}
