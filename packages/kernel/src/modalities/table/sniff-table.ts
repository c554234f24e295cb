import type { SniffResult } from "../../contract/modality.ts";
import { jsonHead } from "../json/sniff-json.ts";
import { textHead } from "../text/sniff-text.ts";
import { delimiterOf } from "./delimiter.ts";

/** Lines that must agree before text counts as a table. */
const MIN_LINES = 2;

/** Guesses CSV: two or more lines with the same number of delimiters. JSON counts when it shows our own two fields. */
export function sniffTable(head: Uint8Array, sizeBytes: number): SniffResult | undefined {
  const json = jsonHead(head, sizeBytes);
  if (json !== undefined) {
    return /^\s*\{\s*"(?:columns|rows)"\s*:\s*\[/.test(json)
      ? { mediaType: "application/json", confidence: 0.6 }
      : undefined;
  }
  const text = textHead(head);
  if (text === undefined || text.trimStart().startsWith("<")) return undefined;
  const delimiter = delimiterOf(text);
  const lines = text.split(/\r\n|\r|\n/);
  if (sizeBytes > head.length) lines.pop(); // cut
  const counts = lines.filter((line) => line !== "").map((line) => fieldDelimiters(line, delimiter));
  const first = counts[0] ?? 0;
  if (first === 0 || counts.length < MIN_LINES || counts.some((count) => count !== first)) return undefined;
  return { mediaType: "text/csv", confidence: 0.4 };
}

function fieldDelimiters(line: string, delimiter: string): number {
  let quoted = false;
  let count = 0;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) count += 1;
  }
  return count;
}
