import { defineModality } from "../../define/define-modality.ts";
import { fail } from "../../errors/catalog.ts";
import { decodeJson } from "../json/parse-json.ts";
import { tableSchema, type Table } from "../media-values.ts";
import { parseValue } from "../parse-value.ts";
import { decodeText } from "../text/decode-text.ts";
import { writeMarkdownTable } from "./markdown-table.ts";
import { sniffTable } from "./sniff-table.ts";

/** Rows under named columns. CSV carries text cells only; JSON keeps numbers, booleans and null. */
export const table = defineModality({
  id: "table",
  summary: "Rows under named columns",
  schema: tableSchema,
  measure: "row",
  measureOf: (value) => value.rows.length,
  describe: (value) => ({ rows: value.rows.length, columns: value.columns.length }),
  sizeOf: (value) => 64 + value.rows.length * value.columns.length * 32,
  sniff: sniffTable,
  codecs: {
    "text/csv": {
      decode: async (input) => (await import("./csv.ts")).parseCsv(await decodeText(input)),
      encode: async (value) => (await import("./csv.ts")).writeCsv(value),
    },
    "application/json": { decode: decodeTable, encode: (value) => JSON.stringify(value) },
    "text/markdown": { encode: writeMarkdownTable },
  },
  example: { columns: ["city", "inhabitants"], rows: [["Vienna", 2_028_000]] },
});

async function decodeTable(input: Blob): Promise<Table> {
  const value = parseValue("table", tableSchema, await decodeJson(input));
  const ragged = value.rows.findIndex((row) => row.length !== value.columns.length);
  if (ragged === -1) return value;
  throw fail(
    "SG_INPUT_INVALID",
    `Table row ${ragged + 1} has ${value.rows[ragged]?.length ?? 0} cells; there are ${value.columns.length} columns`,
  );
}
