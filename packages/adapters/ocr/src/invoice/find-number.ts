import { readDates } from "./dates.ts";
import { type FoundField, foundField } from "./found-field.ts";
import { findNumbers } from "./money.ts";
import type { PlacedWord, Row } from "./placed-words.ts";
import { type LabelInRow, wordsBelow } from "./row-labels.ts";

/** Characters an invoice number is made of; it has at least one digit. */
const identifier = /^[#№]?[\p{L}\p{N}][\p{L}\p{N}./_#-]*$/u;

/** Reads the number of the invoice: beside its label, below it, or behind the title ("Invoice 2026-0815"). */
export function findInvoiceNumber(rows: readonly Row[], labels: readonly LabelInRow[]): FoundField | undefined {
  const strong = labels.filter((label) => label.meaning === "number");
  const titles = labels.filter((label) => label.meaning === "title");
  return (
    firstOf(strong, (label) => identifierIn(label.following, label.row.em, 1)) ??
    firstOf(strong, (label) =>
      firstOf(wordsBelow(label, rows, 2), (words) => identifierIn(words, label.row.em, 0.97)),
    ) ??
    firstOf(titles, (label) => identifierIn(label.following, label.row.em, 0.85))
  );
}

function firstOf<T, R>(items: readonly T[], read: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const result = read(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

function identifierIn(words: readonly PlacedWord[], em: number, sureness: number): FoundField | undefined {
  // Marks between label and value: "No. : 4711", "N° #12".
  const start = words.findIndex((word) => !/^(?:[:#.\-–=]|n[°ºo.]*|no\.?|nr\.?|:.)$/i.test(word.text));
  const [first, ...rest] = start === -1 ? [] : words.slice(start);
  if (first === undefined) return undefined;
  const parts = [first];
  for (const word of rest) {
    const last = parts.at(-1) ?? first;
    const isJoined =
      /[-/_.#]$/.test(last.text) ||
      /^[-/_]/.test(word.text) ||
      (/^\p{Lu}{1,4}$/u.test(last.text) && /\d/.test(word.text));
    if (!isJoined || word.box[0] - last.box[2] > em) break;
    parts.push(word);
  }
  const isSpaced = parts.length > 1 && /^\p{Lu}{1,4}$/u.test(first.text);
  const value = parts
    .map((word) => word.text)
    .join(isSpaced ? " " : "")
    .replace(/^[:#№]+|[.,;:]+$/gu, "");
  if (!identifier.test(value.replaceAll(" ", "")) || !/\d/.test(value)) return undefined;
  const isDate = readDates(value).length > 0;
  const isMoney = findNumbers(parts).some((number) => number.isMoney);
  return isDate || isMoney ? undefined : foundField(value, parts, sureness);
}
