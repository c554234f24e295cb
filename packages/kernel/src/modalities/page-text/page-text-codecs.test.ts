import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryPageText } from "../../../../../test/support/arbitrary-page-text.ts";
import { altoProblems } from "../../../../../test/support/check-alto.ts";
import { textBlock, textPage, textPages } from "../../../../../test/support/page-text-fixture.ts";
import { parseXml, walkXml } from "../../../../../test/support/parse-xml.ts";
import type { CodecContext } from "../../contract/modality.ts";
import { pageTextCodecs } from "./page-text-codecs.ts";
import { type PageText, pageTextSchema } from "./page-text-schema.ts";

const context: CodecContext = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new Error("not used")),
};

async function encode(mediaType: string, value: PageText): Promise<string> {
  const body = await pageTextCodecs[mediaType]?.encode?.(value, context);
  return new Response(body as BodyInit).text();
}

async function decode(text: string): Promise<PageText | undefined> {
  return pageTextCodecs["application/json"]?.decode?.(new Blob([text]), context);
}

const sample = textPages(
  textPage([textBlock("heading", ["Müller & Söhne"]), textBlock("text", ["one two", "three"])]),
  textPage([], { number: 2, origin: "empty" }),
);

describe("hOCR", () => {
  test("carries page, area, paragraph, line and word with box and confidence", async () => {
    const root = parseXml(await encode("text/vnd.hocr+html", sample));
    const byClass = (name: string) => [...walkXml(root)].filter((element) => element.attributes["class"] === name);
    expect(byClass("ocr_page").map((page) => page.attributes["title"])).toEqual([
      "bbox 0 0 1000 1400; ppageno 0; scan_res 120 120",
      "bbox 0 0 1000 1400; ppageno 1; scan_res 120 120",
    ]);
    expect([byClass("ocr_carea").length, byClass("ocr_par").length, byClass("ocr_line").length]).toEqual([2, 2, 3]);
    expect(byClass("ocrx_word").map((word) => word.text)).toEqual(["Müller", "&", "Söhne", "one", "two", "three"]);
    expect(byClass("ocrx_word")[0]?.attributes["title"]).toBe("bbox 100 100 160 120; x_wconf 90");
  });

  test("states the baseline relative to the lower left corner of the line", async () => {
    const block = textBlock("text", ["a b"]);
    const words = block.lines[0]!.words.map((word) => ({
      ...word,
      baseline: [word.box[0], 116, word.box[2], 116] as const,
    }));
    const hocr = await encode(
      "text/vnd.hocr+html",
      textPages(textPage([{ ...block, lines: [{ ...block.lines[0]!, words }] }])),
    );
    expect(hocr).toContain("bbox 100 100 130 120; baseline 0 -4");
  });
});

describe("ALTO", () => {
  test("is valid and carries every word with its place", async () => {
    const root = parseXml(await encode("application/alto+xml", sample));
    expect(altoProblems(root)).toEqual([]);
    const strings = [...walkXml(root)].filter((element) => element.name === "String");
    expect(strings.map((string) => string.attributes["CONTENT"])).toEqual([
      "Müller",
      "&",
      "Söhne",
      "one",
      "two",
      "three",
    ]);
    expect(strings[0]?.attributes).toEqual({
      ID: "string_1_1_1_1",
      HPOS: "100",
      VPOS: "100",
      WIDTH: "60",
      HEIGHT: "20",
      WC: "0.9",
      CONTENT: "Müller",
    });
  });

  test("the validity check sees a document that is not valid", () => {
    const broken = parseXml(
      '<alto xmlns="x"><Layout><Page ID="a"><PrintSpace><TextBlock ID="a"><TextLine/></TextBlock></PrintSpace></Page></Layout></alto>',
    );
    expect(altoProblems(broken)).toEqual([
      "Page/@PHYSICAL_IMG_NR is missing",
      "TextLine holds nothing",
      "an ID is there twice",
    ]);
  });
});

describe("TSV", () => {
  test("has tesseract's columns and levels", async () => {
    const rows = (await encode("text/tab-separated-values", sample)).trimEnd().split("\n");
    expect(rows[0]).toBe(
      "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext",
    );
    expect(rows.slice(1).map((row) => row[0])).toEqual(Array.from("123455523455451"));
    expect(rows[5]).toBe("5\t1\t1\t1\t1\t1\t100\t100\t60\t20\t90\tMüller");
    expect(rows[1]).toBe("1\t1\t0\t0\t0\t0\t0\t0\t1000\t1400\t-1\t");
  });
});

describe("JSON", () => {
  test("leaves the source document out", async () => {
    const text = await encode("application/json", {
      ...sample,
      source: { blob: new Blob(["%PDF"]), mediaType: "application/pdf" },
    });
    expect(await decode(text)).toEqual(sample);
  });

  test.each([
    ["not json", "{", "SG_INPUT_CORRUPT"],
    ["another shape", '{"pages":[{"number":0}],"pageCount":1}', "SG_INPUT_INVALID"],
    ["a smuggled source", '{"pages":[],"pageCount":0,"source":{}}', "SG_INPUT_INVALID"],
  ])("refuses %s", async (_, text, code) => {
    await expect(decode(text)).rejects.toMatchObject({ code });
  });
});

describe("any page-text", () => {
  const property = (check: (value: PageText) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(arbitraryPageText, async (value) => {
        await check(value);
      }),
      { numRuns: 200 },
    );

  test("fits the schema: the generator makes real values", async () => {
    await property(async (value) => {
      expect(pageTextSchema.safeParse(value).error).toBeUndefined();
    });
  });

  test("is well-formed hOCR with every word in it", async () => {
    await property(async (value) => {
      const elements = [...walkXml(parseXml(await encode("text/vnd.hocr+html", value)))];
      const lines = value.pages.flatMap((page) => page.blocks.flatMap((block) => block.lines));
      expect(elements.filter((element) => element.attributes["class"] === "ocrx_word")).toHaveLength(
        lines.flatMap((line) => line.words).length,
      );
    });
  });

  test("is valid ALTO", async () => {
    await property(async (value) => {
      expect(altoProblems(parseXml(await encode("application/alto+xml", value)))).toEqual([]);
    });
  });

  test("is TSV of 12 columns, whole numbers in the first ten", async () => {
    await property(async (value) => {
      const [, ...rows] = (await encode("text/tab-separated-values", value)).slice(0, -1).split("\n");
      expect(rows.filter((row) => !/^(\d+\t){6}(-?\d+\t){4}-?\d+(\.\d+)?\t[^\t]*$/.test(row))).toEqual([]);
    });
  });

  test("comes back from JSON unchanged", async () => {
    await property(async (value) => {
      expect(await decode(await encode("application/json", value))).toEqual(value);
    });
  });

  test("has one form feed fewer than pages as plain text", async () => {
    await property(async (value) => {
      expect((await encode("text/plain", value)).split("\f")).toHaveLength(value.pages.length);
    });
  });

  test("has GFM tables whose rows all have the columns of the header", async () => {
    const asTable = arbitraryPageText.map(({ pages }) =>
      pages.flatMap((page) =>
        page.blocks.map((block) => textPages({ ...page, blocks: [{ ...block, kind: "table" }] })),
      ),
    );
    await fc.assert(
      fc.asyncProperty(asTable, async (tables) => {
        for (const table of tables) {
          const rows = (await encode("text/markdown", table)).split("\n").slice(0, -1);
          const columns = rows.map((row) => row.replace(/\\./g, "").split("|").length);
          expect(new Set(columns).size).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 200 },
    );
  });
});
