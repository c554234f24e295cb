import { expect, test } from "vitest";
import { writePdf } from "../../../../../test/support/pdf-writer.ts";
import { openPdfRaster } from "./pdfium.ts";

const image = { data: new Uint8Array(4).fill(60), widthPixels: 2, heightPixels: 2 };
const picture = { x: 50, y: 20, widthPoints: 100, heightPoints: 40, image };
const page = { widthPoints: 200, heightPoints: 100, pictures: [picture] };

test("a page is drawn in grey at the size asked for", async () => {
  const pdf = await openPdfRaster(writePdf([page]));
  const raster = pdf.renderGray(0, 400, 200);
  const at = (x: number, y: number): number => raster.data[y * 400 + x]!;
  expect([at(10, 10), at(200, 80), at(390, 190)]).toEqual([255, 60, 255]);
  pdf.close();
});

test("pictures are found where they are displayed, also on a turned page", async () => {
  const pdf = await openPdfRaster(
    writePdf([page, { ...page, rotate: 90 }, { texts: [{ text: "no picture", x: 9, y: 9 }] }]),
  );
  expect(pdf.pageCount).toBe(3);
  expect(pdf.imageBoxes(0)).toEqual([[0.25, 0.2, 0.75, 0.6]]);
  expect(pdf.imageBoxes(1)[0]!.map((share) => Math.round(share * 100) / 100)).toEqual([0.4, 0.25, 0.8, 0.75]);
  expect(pdf.imageBoxes(2)).toEqual([]);
  pdf.close();
});

test("a page that is not there is an error of ours", async () => {
  const pdf = await openPdfRaster(writePdf([page]));
  expect(() => pdf.renderGray(7, 10, 10)).toThrow(expect.objectContaining({ code: "SG_INPUT_CORRUPT" }));
  pdf.close();
});

test.each([
  [writePdf([page], { encrypted: true }), "SG_INPUT_ENCRYPTED"],
  [new TextEncoder().encode("%PDF-1.7 nothing else"), "SG_INPUT_CORRUPT"],
])("a PDF that cannot be opened is refused", async (bytes, code) => {
  await expect(openPdfRaster(bytes)).rejects.toMatchObject({ code });
});
