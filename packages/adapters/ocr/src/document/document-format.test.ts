import { expect, test } from "vitest";
import { writePdf } from "../../../../../test/support/pdf-writer.ts";
import { detectFormat } from "./document-format.ts";

const pdf = writePdf([{ texts: [{ text: "Hello", x: 10, y: 20 }] }]);

test("a PDF is one by its content", async () => {
  expect(await detectFormat(new Blob([pdf], { type: "image/png" }), "a.png")).toEqual({
    format: "pdf",
    mediaType: "application/pdf",
  });
});

test("an image is one by its content", async () => {
  expect(await detectFormat(new Blob(["P5 1 1 255\n\u0001"]))).toEqual({
    format: "image",
    mediaType: "image/x-portable-graymap",
  });
});

test.each([
  ["nothing", new Uint8Array(0), "SG_INPUT_EMPTY"],
  ["text", new TextEncoder().encode("Dear Sir or Madam"), "SG_INPUT_UNRECOGNISED"],
  ["a PDF without its end", pdf.slice(0, pdf.length - 60), "SG_INPUT_CORRUPT"],
])("%s is refused", async (_name, bytes, code) => {
  await expect(detectFormat(new Blob([bytes]), "scan.pdf")).rejects.toMatchObject({
    code,
    message: expect.stringContaining('"scan.pdf"'),
  });
});

test("a few bytes behind the end of a PDF do no harm", async () => {
  expect((await detectFormat(new Blob([pdf, "\n\n<!-- served by a careless server -->"]))).format).toBe("pdf");
});
