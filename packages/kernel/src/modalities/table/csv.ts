import { fail } from "../../errors/catalog.ts";
import type { Table } from "../media-values.ts";
import { delimiterOf } from "./delimiter.ts";

/**
 * Reads CSV (RFC 4180): the first record names the columns, cells stay text (no guessing of numbers and dates).
 * Takes LF and CR as line ends too, and the delimiter that the header uses most outside quotes.
 * Throws SG_INPUT_CORRUPT on an open quote or a record of another length than the header.
 */
export function parseCsv(text: string): Table {
  const [columns, ...records] = readRecords(text, delimiterOf(text));
  if (columns === undefined) return { columns: [], rows: [] };
  const rows = columns.length === 1 ? records : records.filter((record) => record.length > 1 || record[0] !== "");
  for (const [index, row] of rows.entries()) {
    if (row.length === columns.length) continue;
    throw fail(
      "SG_INPUT_CORRUPT",
      `CSV data row ${index + 1} has ${row.length} fields; the header has ${columns.length}`,
      {
        hint: "Give every row as many fields as the header has, and quote fields that contain the delimiter.",
      },
    );
  }
  return { columns, rows };
}

function readRecords(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let position = 0;
  while (position < text.length) {
    const field = text[position] === '"' ? quotedField(text, position) : plainField(text, position, delimiter);
    record.push(field.value);
    position = field.end;
    const next = text[position];
    if (next === delimiter) {
      position += 1;
      // A delimiter that ends the text is followed by an empty field.
      if (position === text.length) record.push("");
      else continue;
    } else if (next !== undefined && next !== "\n" && next !== "\r") {
      throw fail("SG_INPUT_CORRUPT", `CSV record ${records.length + 1}: text follows a closing quote`);
    }
    records.push(record);
    record = [];
    position += next === "\r" && text[position + 1] === "\n" ? 2 : 1;
  }
  return records;
}

function plainField(text: string, start: number, delimiter: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return { value: text.slice(start, end), end };
}

function quotedField(text: string, start: number): { value: string; end: number } {
  let position = start + 1;
  let value = "";
  for (;;) {
    const quote = text.indexOf('"', position);
    if (quote === -1) throw fail("SG_INPUT_CORRUPT", "CSV ends inside a quoted field");
    value += text.slice(position, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    position = quote + 2;
  }
}

/** Writes CSV (RFC 4180): CRLF, quotes where needed. An empty cell stands for null as well as for "". */
export function writeCsv({ columns, rows }: Table): string {
  return [columns, ...rows]
    .map((record) => `${record.map((cell) => quote(cell, record.length)).join(",")}\r\n`)
    .join("");
}

function quote(cell: string | number | boolean | null, fields: number): string {
  const text = cell === null ? "" : String(cell);
  // Every delimiter a reader may look for is quoted; so is an empty only field, which would be a blank line.
  return /[",;\t|\r\n]/.test(text) || (text === "" && fields === 1) ? `"${text.replaceAll('"', '""')}"` : text;
}
