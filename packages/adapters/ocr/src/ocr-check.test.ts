import { expect, test } from "vitest";
import { checkOcr } from "./ocr-check.ts";
import { ocrOptionsSchema } from "./ocr-options.ts";

test("doctor hears of every engine, with version and languages", async () => {
  const checks = await checkOcr(ocrOptionsSchema.parse({}));
  expect(checks.map(({ name }) => name)).toEqual(["tesseract binary", "tesseract.js", "pdfjs-dist", "sharp"]);
  for (const { status, message } of checks.slice(1)) {
    expect(status).toBe("ok");
    expect(message).toMatch(/\d+\.\d+/);
  }
});

test("a binary that is not there is a warning with a way out: tesseract.js does its work", async () => {
  const [native] = await checkOcr(ocrOptionsSchema.parse({ tesseractPath: "/nowhere/tesseract" }));
  expect(native).toMatchObject({
    status: "warning",
    message: expect.stringContaining("/nowhere/tesseract"),
    hint: expect.stringContaining("tesseract-ocr"),
  });
});
