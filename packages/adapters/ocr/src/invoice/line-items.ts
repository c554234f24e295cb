import type { ColumnMeaning } from "./labels.ts";
import { type Column, readColumnHeader } from "./column-headers.ts";
import { type FoundNumber, findNumbers } from "./money.ts";
import { type PlacedWord, type Row, splitCells } from "./placed-words.ts";
import { labelsOfRow } from "./row-labels.ts";

/** A line item as it stands on the page: words and numbers by column. */
export interface RawLineItem {
  readonly description: readonly PlacedWord[];
  readonly numbers: Partial<Record<(typeof numeric)[number], FoundNumber>>;
}

export interface LineItemTable {
  readonly items: readonly RawLineItem[];
  /** Rows of headings and items: no place for labels of the whole invoice. */
  readonly rows: ReadonlySet<Row>;
}

const numeric = ["quantity", "unitPrice", "taxRate", "amount"] as const;
/** Columns that are recognised and not read. */
const aside: ReadonlySet<ColumnMeaning | undefined> = new Set(["position", "code", "unit", "discount"] as const);
const ending = new Set(["net", "tax", "total", "weakTotal", "discount", "shipping", "prepaid", "dueDate", "iban"]);
/** Lines of one item's description are closer than this many word heights. */
const MAX_LINE_GAP = 1.1;

/** Reads the table under every heading of line item columns, over page ends, until the totals begin. */
export function readLineItems(rows: readonly Row[]): LineItemTable {
  const items: { description: PlacedWord[]; numbers: RawLineItem["numbers"] }[] = [];
  const used = new Set<Row>();
  let columns: readonly Column[] | undefined;
  let isDone = false;
  let previous: Row | undefined;
  for (const row of rows) {
    const header = readColumnHeader(row);
    if (header !== undefined && (columns === undefined || sameColumns(header, columns))) {
      columns = header;
      isDone = false;
      used.add(row);
      previous = row;
      continue;
    }
    if (columns === undefined || isDone) continue;
    const parts = readRow(row, columns);
    const labels = labelsOfRow(row).map((label) => label.meaning);
    const hasItemNumbers = parts.numbers.quantity !== undefined || parts.numbers.unitPrice !== undefined;
    if (labels.includes("carry") && !hasItemNumbers) {
      used.add(row);
      continue;
    }
    if (labels.some((meaning) => ending.has(meaning)) && !hasItemNumbers) {
      isDone = items.length > 0;
      continue;
    }
    const isItem =
      parts.numbers.amount !== undefined ||
      (parts.numbers.unitPrice !== undefined && parts.numbers.quantity !== undefined);
    const last = items.at(-1);
    if (isItem && parts.description.length + Object.keys(parts.numbers).length >= 2) {
      items.push({ description: [...parts.description], numbers: parts.numbers });
      used.add(row);
    } else if (
      last !== undefined &&
      previous !== undefined &&
      used.has(previous) &&
      continues(row, previous, parts, columns)
    ) {
      last.description.push(...parts.description);
      used.add(row);
    }
    previous = row;
  }
  return { items, rows: used };
}

function sameColumns(a: readonly Column[], b: readonly Column[]): boolean {
  return a.map((column) => column.meaning).join() === b.map((column) => column.meaning).join();
}

/** A row of description only, right under its item and beginning where descriptions begin. */
function continues(row: Row, previous: Row, parts: RawLineItem, columns: readonly Column[]): boolean {
  const description = columns.find((column) => column.meaning === "description");
  const [first] = row.words;
  if (description === undefined || first === undefined || row.page !== previous.page) return false;
  const isClose = row.box[1] - previous.box[3] < MAX_LINE_GAP * row.em;
  return (
    isClose && parts.description.length === row.words.length && Math.abs(first.box[0] - description.left) < 3 * row.em
  );
}

/** In a column of prices "5;23" and "5:23" are misread commas. */
function mendSeparator(word: PlacedWord): PlacedWord {
  return /^[€$£]?\d+[:;]\d{2}$/.test(word.text) ? { ...word, text: word.text.replace(/[:;]/, ",") } : word;
}

/** Divides a row among the columns: numbers go to the numeric column they stand under, the rest is description. */
function readRow(row: Row, columns: readonly Column[]): RawLineItem {
  const words = row.words.map(mendSeparator);
  const numbers: RawLineItem["numbers"] = {};
  const taken = new Set<PlacedWord>();
  for (const cell of splitCells(words, row.em)) {
    for (const number of numbersOfCell(cell, columns, row.em)) {
      const meaning = nearestColumn(number.words, columns)?.meaning;
      const key = numeric.find((candidate) => candidate === meaning);
      const isNew = key !== undefined && numbers[key] === undefined;
      if (isNew) numbers[key] = number;
      if (isNew || aside.has(meaning)) number.words.forEach((word) => taken.add(word));
    }
  }
  return { description: words.filter((word) => !taken.has(word) && !standsUnderOther(word, columns)), numbers };
}

/**
 * Numbers that are cells of their own, and those at the ends of a cell that stand under a numeric heading. A number
 * inside a description ("Paper A4 500 sheets") belongs to it.
 */
function numbersOfCell(cell: readonly PlacedWord[], columns: readonly Column[], em: number): readonly FoundNumber[] {
  const found = findNumbers(cell);
  const covered = found.reduce((sum, number) => sum + number.words.length, 0);
  if (covered === cell.length || isWithUnit(cell, found))
    return found.flatMap((number) => splitByColumn(number, columns));
  return found
    .flatMap((number) => splitByColumn(number, columns))
    .filter((number) => {
      const column = nearestColumn(number.words, columns);
      if (column === undefined || column.meaning === "description") return false;
      const left = number.words[0]?.box[0] ?? 0;
      const right = number.words.at(-1)?.box[2] ?? 0;
      const isAtEnd = number.words.includes(cell[0] as PlacedWord) || number.words.includes(cell.at(-1) as PlacedWord); // a cell has words
      return isAtEnd && left < column.right + 0.5 * em && right > column.left - 0.5 * em;
    });
}

/** "3 Std." or "12 pcs": a quantity with its unit. */
function isWithUnit(cell: readonly PlacedWord[], found: readonly FoundNumber[]): boolean {
  const [number, ...others] = found;
  if (number === undefined || others.length > 0) return false;
  const isUnitLast = number.words[0] === cell[0] && (cell.at(-1)?.text.length ?? 0) <= 5;
  return isUnitLast && cell.length === number.words.length + 1;
}

/** "2 150,00" may be a quantity and a price read as one number: its words decide by where they stand. */
function splitByColumn(number: FoundNumber, columns: readonly Column[]): readonly FoundNumber[] {
  if (number.words.length === 1) return [number];
  const byColumn = number.words.map((word) => nearestColumn([word], columns));
  const isOne = byColumn.every(
    (column) => column === byColumn[0] || !/\d/.test(number.words[byColumn.indexOf(column)]?.text ?? ""),
  );
  return isOne ? [number] : number.words.flatMap((word) => findNumbers([word]));
}

/** The column whose heading is closest by its left edge, right edge or middle: columns are aligned in one of these ways. */
function nearestColumn(words: readonly PlacedWord[], columns: readonly Column[]): Column | undefined {
  const left = words[0]?.box[0] ?? 0;
  const right = words.at(-1)?.box[2] ?? 0;
  const distance = (column: Column): number =>
    Math.min(
      Math.abs(column.left - left),
      Math.abs(column.right - right),
      Math.abs(column.left + column.right - left - right) / 2,
    );
  return columns.reduce<Column | undefined>(
    (best, column) => (best === undefined || distance(column) < distance(best) ? column : best),
    undefined,
  );
}

/** Article codes and units are no description. */
function standsUnderOther(word: PlacedWord, columns: readonly Column[]): boolean {
  const column =
    columns.find(({ left, right }) => word.box[0] < right && word.box[2] > left) ?? nearestColumn([word], columns);
  return (
    column?.meaning === "code" ||
    column?.meaning === "unit" ||
    (column?.meaning === "position" && word.text.length <= 4) ||
    numeric.some((meaning) => meaning === column?.meaning)
  );
}
