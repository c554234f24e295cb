import { expect, test } from "vitest";
import { writePdf } from "../../../../../test/support/pdf-writer.ts";
import { openPdfText } from "./pdfjs.ts";

const hello = { text: "Hello", x: 30, y: 40, size: 12 };

test("runs are placed on the page as it is displayed", async () => {
  const pdf = await openPdfText(writePdf([{ widthPoints: 200, heightPoints: 100, texts: [hello] }]));
  const { runs, ...size } = await pdf.readPage(0);
  expect(size).toEqual({ widthPoints: 200, heightPoints: 100 });
  expect(runs[0]).toMatchObject({ text: "Hello", x: 30, y: 40, angleDegrees: 0, fontSizePoints: 12 });
  expect(runs[0]!.widthPoints).toBeCloseTo(27.3, 0);
  await pdf.close();
});

test("a page turned for display turns its runs clockwise", async () => {
  const pdf = await openPdfText(writePdf([{ widthPoints: 200, heightPoints: 100, rotate: 90, texts: [hello] }]));
  const { runs, ...size } = await pdf.readPage(0);
  expect(size).toEqual({ widthPoints: 100, heightPoints: 200 });
  expect(runs[0]).toMatchObject({ x: 60, y: 30, angleDegrees: 90 });
  await pdf.close();
});

test("filled form fields are text of the page, too", async () => {
  const field = (value: string) =>
    `<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (${value}) /Rect [50 500 250 520] /DA (/F1 10 Tf) /F 4 >>`;
  const pdf = await openPdfText(writePdf([{ annotations: [field("Ada Lovelace"), field("")] }]));
  const { runs } = await pdf.readPage(0);
  expect(runs.map(({ text, x }) => [text, x])).toEqual([["Ada Lovelace", 52]]);
  expect(runs[0]!.y).toBeCloseTo(335, 0);
  await pdf.close();
});

test.each([
  [writePdf([{}], { encrypted: true }), "SG_INPUT_ENCRYPTED"],
  [new TextEncoder().encode("%PDF-1.7 nothing else"), "SG_INPUT_CORRUPT"],
])("a PDF that cannot be opened is refused", async (bytes, code) => {
  await expect(openPdfText(bytes)).rejects.toMatchObject({ code });
});

test("a page that is not there is an error of ours", async () => {
  const pdf = await openPdfText(writePdf([{}]));
  await expect(pdf.readPage(3)).rejects.toMatchObject({ code: "SG_INPUT_CORRUPT" });
  await pdf.close();
});
