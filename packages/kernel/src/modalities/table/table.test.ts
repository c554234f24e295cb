import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStargateError } from "../../errors/stargate-error.ts";
import { table } from "../index.ts";
import type { Table } from "../media-values.ts";
import { bytesOf } from "../test-media.fixture.ts";
import { parseCsv, writeCsv } from "./csv.ts";
import { writeMarkdownTable } from "./markdown-table.ts";

const cell = fc.oneof(fc.string(), fc.constantFrom("", '"', ",", ";", "\t", "|", "\r\n", "\n", "\r", 'a"b', " x "));
const tables = fc.integer({ min: 1, max: 6 }).chain((width) => {
  const row = fc.array(cell, { minLength: width, maxLength: width });
  return fc.record({ columns: row, rows: fc.array(row, { maxLength: 8 }) });
});
const problem = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return isStargateError(error) ? `${error.code}: ${error.message}` : String(error);
  }
  return "no error";
};

describe("CSV", () => {
  it("gives back every table of texts", () => {
    fc.assert(
      fc.property(tables, (value: Table) => {
        expect(parseCsv(writeCsv(value))).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  it("is written as RFC 4180 says", () => {
    expect(
      writeCsv({
        columns: ["a", "b"],
        rows: [
          ["1,5", 'say "hi"'],
          [null, true],
          ["two\nlines", 3.5],
        ],
      }),
    ).toBe('a,b\r\n"1,5","say ""hi"""\r\n,true\r\n"two\nlines",3.5\r\n');
  });

  it.each([
    ["LF", "a,b\n1,2\n"],
    ["CR", "a,b\r1,2\r"],
    ["no last line end", "a,b\r\n1,2"],
    ["blank lines", "a,b\r\n\r\n1,2\r\n\r\n"],
    ["semicolons", "a;b\r\n1;2\r\n"],
    ["tabs", "a\tb\n1\t2\n"],
    ["quotes everywhere", '"a","b"\r\n"1","2"\r\n'],
  ])("is read with %s", (_what, written) => {
    expect(parseCsv(written)).toEqual({ columns: ["a", "b"], rows: [["1", "2"]] });
  });

  it("keeps an empty field at the end, and the comma of a number in a file of semicolons", () => {
    expect(parseCsv("a;b\n1,5;")).toEqual({ columns: ["a", "b"], rows: [["1,5", ""]] });
  });

  it("names the row that does not fit, instead of filling or cutting it", () => {
    expect(problem(() => parseCsv("a,b\n1,2\n1,2,3\n"))).toBe(
      "SG_INPUT_CORRUPT: CSV data row 2 has 3 fields; the header has 2",
    );
    expect(problem(() => parseCsv('a,b\n"1,2\n'))).toBe("SG_INPUT_CORRUPT: CSV ends inside a quoted field");
    expect(problem(() => parseCsv('a,b\n"1"x,2\n'))).toBe(
      "SG_INPUT_CORRUPT: CSV record 2: text follows a closing quote",
    );
  });

  it("never fails with anything but a typed error", () => {
    const soup = fc.string({ unit: fc.constantFrom('"', ",", ";", "\n", "\r", "a", " "), maxLength: 60 });
    fc.assert(
      fc.property(soup, (written) => {
        expect(problem(() => parseCsv(written))).toMatch(/^(no error|SG_INPUT_CORRUPT: )/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("table", () => {
  it.each([
    ["city,people\nVienna,2\nGraz,1\n", { mediaType: "text/csv", confidence: 0.4 }],
    ['{"columns": ["a"], "rows": []}', { mediaType: "application/json", confidence: 0.6 }],
    ["Dear Sir, thank you.\nBest regards\n", undefined],
    ["one line, with a comma", undefined],
    ["<a>,\n<b>,\n", undefined],
  ])("is recognised in %j", (written, found) => {
    expect(table.sniff?.(bytesOf(written), written.length)).toEqual(found);
  });

  it("keeps types in JSON and refuses ragged rows there", async () => {
    const value: Table = {
      columns: ["a", "b"],
      rows: [
        [1, null],
        [true, "x"],
      ],
    };
    const codec = table.codecs["application/json"];
    const context = {
      signal: new AbortController().signal,
      offload: () => Promise.reject(new TypeError("no offload here")),
    };
    expect(await codec?.decode?.(new Blob([(await codec.encode?.(value, context)) as string]), context)).toEqual(value);
    await expect(codec?.decode?.(new Blob(['{"columns":["a","b"],"rows":[[1]]}']), context)).rejects.toThrow(
      "Table row 1 has 1 cells; there are 2 columns",
    );
  });

  it("is written as a Markdown table with pipes and line breaks escaped", () => {
    expect(writeMarkdownTable({ columns: ["a|b"], rows: [["x\ny"], [null]] })).toBe(
      "| a\\|b |\n| --- |\n| x<br>y |\n|  |\n",
    );
  });
});
