import { type ColumnMeaning, columnMatcher } from "./labels.ts";
import { findNumbers } from "./money.ts";
import { boundingBox, type Row } from "./placed-words.ts";

/** A column of a line item table: where its heading stands. */
export interface Column {
  readonly meaning: ColumnMeaning;
  readonly left: number;
  readonly right: number;
}

/** Columns of a row that is the heading of a line item table; undefined when it is none. */
export function readColumnHeader(row: Row): readonly Column[] | undefined {
  if (findNumbers(row.words).some((number) => number.isMoney)) return undefined;
  const hits = columnMatcher.find(row.words);
  const columns = hits.map((hit): Column => {
    const box = boundingBox(row.words.slice(hit.start, hit.end));
    return { meaning: hit.meaning, left: box[0], right: box[2] };
  });
  const meanings = new Set(columns.map((column) => column.meaning));
  const covered = hits.reduce((sum, hit) => sum + hit.end - hit.start, 0);
  const hasMoney = meanings.has("amount") || meanings.has("unitPrice");
  const isHeader =
    hasMoney &&
    meanings.has("description") &&
    (meanings.size >= 3 || row.words.length <= 3) &&
    covered >= 0.6 * row.words.length;
  if (!isHeader) return undefined;
  return columns
    .filter((column, at) =>
      columns.findIndex(({ meaning }) => meaning === column.meaning) === at || column.meaning === "amount"
        ? true
        : false,
    )
    .map((column, at, kept) => onlyLastAmount(column, at, kept));
}

/** Of two columns of money the rightmost is the amount of the line ("Net ... Total"); the other is left alone. */
function onlyLastAmount(column: Column, at: number, columns: readonly Column[]): Column {
  const isEarlier = column.meaning === "amount" && columns.slice(at + 1).some(({ meaning }) => meaning === "amount");
  return isEarlier && !columns.some(({ meaning }) => meaning === "unitPrice")
    ? { ...column, meaning: "unitPrice" }
    : column;
}
