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
