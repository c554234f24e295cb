import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Box } from "@stargate/kernel";
import sharp from "sharp";
import { describe, expect, test, type TestContext } from "vitest";
import { characterErrorRate } from "../../../../../test/support/character-error-rate.ts";
import { writePgm } from "../../../../../test/support/image-writers.ts";
import { writePdf } from "../../../../../test/support/pdf-writer.ts";
import { prosePage } from "../../../../../test/support/printed-pages.ts";
import { readWithOcr, wordsOf } from "../../../../../test/support/read-with-ocr.ts";
import { sharedFile } from "../../../../../test/support/shared-files.ts";
import type { GrayImage } from "../image/gray-image.ts";
import { areaOf, overlapArea } from "../layout/geometry.ts";
import { parseHocrLines } from "../native/hocr-lines.ts";
import { openPdfRaster } from "../native/pdfium.ts";
import { findNativeTesseract } from "../native/tesseract-native.ts";

const native = await findNativeTesseract();
const needsNative = (context: TestContext): void =>
  context.skip(native === undefined, "the tesseract binary is not installed");

/** A printed page as a scanner sees it: turned, a little blurred and noisy. Deterministic. */
async function scan(
  dpi: number,
  clockwiseDegrees: number,
): Promise<{ readonly image: GrayImage; readonly truth: string }> {
  const { page, truth } = prosePage();
  const pdf = await openPdfRaster(writePdf([page]));
  const clean = pdf.renderGray(0, Math.round((595 / 72) * dpi), Math.round((842 / 72) * dpi));
  pdf.close();
  const { data, info } = await sharp(clean.data, {
    raw: { width: clean.widthPixels, height: clean.heightPixels, channels: 1 },
  })
    .rotate(clockwiseDegrees, { background: "white" })
    .extractChannel(0)
    .blur(0.6)
    .raw()
    .toBuffer({ resolveWithObject: true });
  let state = 20_261_121;
  for (let at = 0; at < data.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[at] = Math.min(255, Math.max(0, data[at]! - 10 + (state >>> 24) / 8));
  }
  return { image: { data, widthPixels: info.width, heightPixels: info.height }, truth };
}

/** What the binary prints for a raster, as a user would call it. */
function runBinary(raster: Uint8Array, dpi: number, ...output: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, OMP_THREAD_LIMIT: "1" }, maxBuffer: 1 << 26 };
    const child = execFile(
      "tesseract",
      ["stdin", "stdout", "-l", "eng", "--dpi", String(dpi), ...output],
      options,
      (error, stdout) => (error === null ? resolve(stdout) : reject(new Error(error.message))),
    );
    child.stdin?.end(raster);
  });
}

describe("accuracy", () => {
  test("of tesseract.js on a clean scan is within half a point of the binary on the same raster", async (context) => {
    needsNative(context);
    for (const dpi of [300, 200]) {
      const { image, truth } = await scan(dpi, 0);
      const raster = writePgm(image);
      const ours = characterErrorRate(truth, (await readWithOcr(raster, { engine: "tesseract.js" })).text);
      const theirs = characterErrorRate(truth, await runBinary(raster, dpi));
      expect(ours).toBeLessThanOrEqual(theirs + 0.005);
    }
  });

  test("of tesseract.js alone is below one percent", async () => {
    const { image, truth } = await scan(300, 0);
    expect(
      characterErrorRate(truth, (await readWithOcr(writePgm(image), { engine: "tesseract.js" })).text),
    ).toBeLessThan(0.01);
  });

  test("is the same however the page was turned", async () => {
    const rates: number[] = [];
    for (const turn of [0, 90, 180, 270]) {
      const { image, truth } = await scan(150, turn);
      const { value, text } = await readWithOcr(writePgm(image));
      expect(value.pages[0]?.rotationDegrees).toBe(turn);
      rates.push(characterErrorRate(truth, text));
    }
    expect(Math.max(...rates) - Math.min(...rates)).toBeLessThan(0.005);
    expect(Math.max(...rates)).toBeLessThan(0.02);
  });

  test.each([-7.5, -2.3, 1.1, 6])("is kept at a skew of %f degrees, which is measured to 0.2 degrees", async (skew) => {
    const { image, truth } = await scan(200, skew);
    const { value, text } = await readWithOcr(writePgm(image));
    expect(Math.abs(value.pages[0]!.skewDegrees - skew)).toBeLessThan(0.2);
    expect(characterErrorRate(truth, text)).toBeLessThan(0.02);
  });

  test("of skewed boxes: undone about the centre, they lie where the straight page has them", async () => {
    const straight = await readWithOcr(writePgm((await scan(200, 0)).image));
    const skewed = await readWithOcr(writePgm((await scan(200, 3)).image));
    const [first, second] = [straight.value.pages[0]!, skewed.value.pages[0]!];
    const [a, b] = [wordsOf(straight.value)[0]!, wordsOf(skewed.value)[0]!];
    expect(b.text).toBe(a.text);
    // The skewed raster is larger; seen from the centres both pages are the same.
    expect(b.box[0] - second.widthPixels / 2).toBeCloseTo(a.box[0] - first.widthPixels / 2, -1);
    expect(b.box[1] - second.heightPixels / 2).toBeCloseTo(a.box[1] - first.heightPixels / 2, -1);
  });

  test.for(["tesseract.js", "native"])(
    "of the word boxes of %s agrees with the binary's hOCR",
    async (engine, context) => {
      needsNative(context);
      const { image } = await scan(300, 0);
      const raster = writePgm(image);
      const theirs = parseHocrLines(await runBinary(raster, 300, "hocr")).flatMap((line) => line.words);
      const ours = wordsOf((await readWithOcr(raster, { engine })).value);
      const overlap = (a: Box, b: Box): number => overlapArea(a, b) / (areaOf(a) + areaOf(b) - overlapArea(a, b));
      const best = theirs.map((word) => Math.max(...ours.map((other) => overlap(word.box, other.box))));
      expect(best.filter((value) => value >= 0.8).length / best.length).toBeGreaterThan(0.98);
    },
  );
});

describe("samples", () => {
  const sample = async (context: TestContext, name: string): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await readFile(sharedFile(context, `samples/${name}`)));

  test("linn.png: two columns between full-width text are read in order", async (context) => {
    const bytes = await sample(context, "linn.png");
    const truth = await readFile(sharedFile(context, "samples/linn.txt"), "utf8");
    const { text, value } = await readWithOcr(bytes);
    expect(value.pages[0]).toMatchObject({ widthPixels: 2550, heightPixels: 3300, dpi: 300, rotationDegrees: 0 });
    expect(characterErrorRate(truth, text)).toBeLessThan(0.03);
    const order = [
      "32 Track MIDI",
      "Optional remote control",
      "Recording a Sequence",
      "Editing",
      "simply use LOCATE",
      "Creating a Song",
      "Composition Without",
      "Additional Features",
      "Linn Electronics",
    ];
    const places = order.map((phrase) => text.indexOf(phrase));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test("rotated_skew.pdf: a turned and skewed scan reads like the straight one", async (context) => {
    const bytes = await sample(context, "rotated_skew.pdf");
    const truth = await readFile(sharedFile(context, "samples/linn.txt"), "utf8");
    const { text, value } = await readWithOcr(bytes);
    expect(value.pages[0]?.skewDegrees).toBeCloseTo(-2.7, 0);
    expect(characterErrorRate(truth, text)).toBeLessThan(0.03);
  });

  test("testocr.png, simple-90.jpg, multi_line_text.jpg: a screenshot, a picture held sideways, a photo", async (context) => {
    const { text } = await readWithOcr(await sample(context, "testocr.png"));
    expect(
      characterErrorRate(
        "This is a lot of 12 point text to test the ocr code and see if it works on all types of file format. The quick brown dog jumped over the lazy fox. ".concat(
          "The quick brown dog jumped over the lazy fox. ".repeat(3),
        ),
        text,
      ),
    ).toBeLessThan(0.01);
    expect((await readWithOcr(await sample(context, "simple-90.jpg"))).text.trim()).toBe("Tesseract.js");
    expect((await readWithOcr(await sample(context, "multi_line_text.jpg"))).text).toMatch(/MAKE\s[^]*DAY\s/);
  });

  test("3small.pdf and c02-22.pdf: scans of several sizes, pictures that are no text", async (context) => {
    const { value, text } = await readWithOcr(await sample(context, "3small.pdf"));
    expect(value.pages.map((page) => page.origin)).toEqual(["ocr", "ocr", "ocr"]);
    expect(text).toContain("Covfefe is a perfectly cromulent word.");
    expect(text).toContain("Linzensoep a la Waterman");
    const book = await readWithOcr(await sample(context, "c02-22.pdf"));
    expect(book.text).toContain("went tip-toeing along a path amongst\nthe trees back towards the end of the");
    expect(book.value.pages[0]?.skewDegrees).toBeLessThan(0);
  });
});
