import assert from "node:assert/strict";
import type { PageText } from "@stargate/kernel";
import { describeAdapter } from "@stargate/kernel/testing";
import { writePgm } from "../../../../test/support/image-writers.ts";
import { writePdf } from "../../../../test/support/pdf-writer.ts";
import { ocr } from "./ocr-adapter.ts";

const pdf = writePdf([
  { texts: [{ text: "The first page has a text layer of its own", x: 50, y: 60 }] },
  { texts: [{ text: "The second page has one as well, and no picture", x: 50, y: 60 }] },
]);
const documentOf = (bytes: Uint8Array<ArrayBuffer>, mediaType = "application/pdf") => ({
  blob: new Blob([bytes], { type: mediaType }),
  mediaType,
});
const tooLarge = writePdf([{ widthPoints: 14_173, heightPoints: 14_173, raw: "0 0 900 900 re f" }]);

const word = (text: string, left: number) => ({ text, box: [left, 100, left + 80, 140], confidence: 0.9 }) as const;
const pageText = (): PageText => ({
  pages: [
    {
      number: 1,
      widthPixels: 1240,
      heightPixels: 1754,
      dpi: 150,
      origin: "ocr",
      engine: "tesseract 5.3.0",
      rotationDegrees: 0,
      skewDegrees: 0,
      languages: ["eng"],
      blocks: [
        {
          kind: "text",
          box: [100, 100, 280, 140],
          lines: [{ box: [100, 100, 280, 140], words: [word("Invoice", 100), word("4711", 200)] }],
        },
      ],
    },
  ],
  pageCount: 1,
  source: { blob: new Blob([pdf]), mediaType: "application/pdf" },
});

describeAdapter("the OCR adapter", {
  create: () => ocr(),
  soakRuns: 5,
  cases: [
    {
      name: "two pages with text layers",
      transform: "ocr.read",
      input: () => documentOf(pdf),
      coverage: { done: 2, of: 2 },
      expect: (output) =>
        assert.deepEqual(
          (output as PageText).pages.map((page) => page.origin),
          ["text-layer", "text-layer"],
        ),
    },
    {
      name: "one page of three too large to be read",
      transform: "ocr.read",
      input: () =>
        documentOf(
          writePdf([
            { texts: [{ text: "A page", x: 50, y: 60 }] },
            { widthPoints: 14_173, heightPoints: 14_173, raw: "0 0 9 9 re f" },
          ]),
        ),
      coverage: { done: 1, of: 2 },
    },
    {
      name: "a page",
      transform: "ocr.text",
      input: pageText,
      expect: (output) => assert.equal(output, "Invoice 4711\n"),
    },
    {
      name: "a picture",
      transform: "ocr.page",
      input: () =>
        documentOf(
          writePgm({ data: new Uint8Array(100), widthPixels: 10, heightPixels: 10 }),
          "image/x-portable-graymap",
        ),
    },
    { name: "a page over its PDF", transform: "ocr.searchable-pdf", input: pageText },
    { name: "a page", transform: "ocr.invoice", input: pageText },
  ],
  badInputs: [
    { name: "zero bytes", transform: "ocr.read", input: () => documentOf(new Uint8Array(0)), code: "SG_INPUT_EMPTY" },
    { name: "half a PDF", transform: "ocr.read", input: () => documentOf(pdf.slice(0, 700)), code: "SG_INPUT_CORRUPT" },
    { name: "a page of 5 m", transform: "ocr.read", input: () => documentOf(tooLarge), code: "SG_INPUT_TOO_LARGE" },
    {
      name: "a page that is not there",
      transform: "ocr.read",
      input: () => documentOf(pdf),
      options: { pages: "3" },
      code: "SG_OCR_PAGE_RANGE",
    },
  ],
});
