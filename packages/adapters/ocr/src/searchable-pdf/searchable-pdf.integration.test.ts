import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { degrees, PDFArray, PDFDocument, PDFName, type PDFPage, PDFRawStream, StandardFonts } from "@cantoo/pdf-lib";
import { type CodecContext, fail, type PageText, type PageTextPage } from "@stargate/kernel";
import { PDFiumLibrary } from "@hyzyla/pdfium";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { arbitraryPageText } from "../../../../../test/support/arbitrary-page-text.ts";
import { textBlock, textPage } from "../../../../../test/support/page-text-fixture.ts";
import { readPdfText } from "../../../../../test/support/read-pdf-text.ts";
import { openPdfRaster } from "../native/pdfium.ts";
import { encodeSearchablePdf } from "./searchable-pdf-codec.ts";
import { makeSearchablePdf } from "./searchable-pdf-task.ts";

const taskContext = { signal: new AbortController().signal, progress: () => undefined, transfer: () => undefined };
const inline: Pick<CodecContext, "offload" | "signal"> = {
  signal: taskContext.signal,
  // The task itself, on this thread.
  offload: (task, input) =>
    (task.export === "makeSearchablePdf"
      ? makeSearchablePdf(input as never, taskContext)
      : Promise.reject(fail("SG_OFFLOAD_FAILED", task.export))) as never,
};

/** Words whose baseline starts at a known place of the PDF page, far enough apart for readers to keep them apart. */
const words = [
  { text: "Invoice", x: 120, y: 500, widthPoints: 60 },
  { text: "Größe", x: 300, y: 500, widthPoints: 48 },
  { text: "日本語", x: 130, y: 300, widthPoints: 36 },
  { text: "e😀x", x: 320, y: 180, widthPoints: 30 },
];
const FONT_POINTS = 12;
/** The crop box of the scanned page at the 120 dpi of the fixtures. */
const cropSize = { widthPixels: 750, heightPixels: 1000 };

interface Shape {
  readonly pageRotation: 0 | 90 | 180 | 270;
  readonly readRotation: 0 | 90 | 180 | 270;
  readonly skewDegrees: number;
  readonly dpi: number;
}

/** A page with a picture and a crop box off the origin; no text. */
async function scannedPdf(
  pageRotation: number,
  options: { readonly useObjectStreams?: boolean } = {},
): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const page = document.addPage([500, 700]);
  page.setMediaBox(-20, 10, 560, 720);
  page.setCropBox(30, 40, 450, 600);
  page.setRotation(degrees(pageRotation));
  page.drawRectangle({ x: 100, y: 100, width: 200, height: 50 });
  return document.save(options);
}

/**
 * What a reader that turns the page upright would say: boxes of the words in pixels. Written step by step, the way a
 * reader does it, not as the inverse of the code under test.
 */
function readBack({ pageRotation, readRotation, skewDegrees, dpi }: Shape): PageTextPage {
  const crop = { left: 30, bottom: 40, width: 450, height: 600 };
  const turn = (size: readonly [number, number], quarter: number): readonly [number, number] =>
    quarter % 180 === 0 ? size : [size[1], size[0]];
  const clockwise = (
    [x, y]: readonly [number, number],
    [width, height]: readonly [number, number],
    angle: number,
  ): readonly [number, number] => {
    if (angle === 0) return [x, y];
    return clockwise([height - y, x], [height, width], angle - 90);
  };
  const shownSize = turn([crop.width, crop.height], pageRotation);
  const uprightSize = turn(shownSize, readRotation);
  const radians = (-skewDegrees * Math.PI) / 180;
  const scale = dpi / 72;
  // The canvas grows when the page is deskewed.
  const canvas = uprightSize.map(
    (side, at) =>
      (Math.abs(side * Math.cos(radians)) + Math.abs((uprightSize[1 - at] ?? 0) * Math.sin(radians))) * scale,
  );
  const [canvasWidth = 0, canvasHeight = 0] = canvas;
  const toPixel = (x: number, y: number): readonly [number, number] => {
    const inCrop = [x - crop.left, crop.height - (y - crop.bottom)] as const;
    const shown = clockwise(inCrop, [crop.width, crop.height], pageRotation);
    const upright = clockwise(shown, shownSize, (360 - readRotation) % 360);
    const dx = upright[0] - uprightSize[0] / 2;
    const dy = upright[1] - uprightSize[1] / 2;
    return [
      canvasWidth / 2 + scale * (dx * Math.cos(radians) - dy * Math.sin(radians)),
      canvasHeight / 2 + scale * (dx * Math.sin(radians) + dy * Math.cos(radians)),
    ];
  };
  // The words stand upright on the upright page: their ends lie along its x axis, turned by the skew on the shown page.
  const [originX, originY] = toPixel(crop.left, crop.bottom);
  const [alongX, alongY] = directionOf(pageRotation, readRotation, skewDegrees);
  const lines = words.map(({ text, x, y, widthPoints }) => {
    const [left, baseline] = toPixel(x, y);
    const [right] = toPixel(x + widthPoints * alongX, y + widthPoints * alongY);
    const box = [left, baseline - 0.8 * FONT_POINTS * scale, right, baseline + 0.2 * FONT_POINTS * scale] as const;
    return {
      box,
      fontSizePixels: FONT_POINTS * scale,
      words: [{ text, box, confidence: 0.9, baseline: [left, baseline, right, baseline] as const }],
    };
  });
  expect(Number.isFinite(originX + originY)).toBe(true);
  return textPage([{ kind: "text", box: [0, 0, 1, 1], lines }], {
    widthPixels: canvasWidth,
    heightPixels: canvasHeight,
    dpi,
    rotationDegrees: readRotation,
    skewDegrees,
  });
}

/** Direction of reading in the page's own coordinates (y up). */
function directionOf(pageRotation: number, readRotation: number, skewDegrees: number): readonly [number, number] {
  const counterClockwise = ((pageRotation - readRotation - skewDegrees) * Math.PI) / 180;
  return [Math.cos(counterClockwise), Math.sin(counterClockwise)];
}

async function positionErrors(pdf: Uint8Array, shape: Shape): Promise<readonly number[]> {
  const [items = []] = await readPdfText(pdf);
  expect(items.map((item) => item.text)).toEqual(words.map((word) => word.text));
  const [alongX, alongY] = directionOf(shape.pageRotation, shape.readRotation, shape.skewDegrees);
  return items.flatMap((item, at) => {
    const word = words[at]!;
    const angle = (item.angleDegrees * Math.PI) / 180;
    const end = [item.x + item.widthPoints * Math.cos(angle), item.y + item.widthPoints * Math.sin(angle)] as const;
    const wanted = [word.x + word.widthPoints * alongX, word.y + word.widthPoints * alongY] as const;
    return [Math.hypot(item.x - word.x, item.y - word.y), Math.hypot(end[0] - wanted[0], end[1] - wanted[1])];
  });
}

const shapes: readonly Shape[] = [
  ...([0, 90, 180, 270] as const).flatMap((pageRotation) =>
    ([0, 90, 180, 270] as const).map((readRotation) => ({ pageRotation, readRotation, skewDegrees: 0, dpi: 300 })),
  ),
  { pageRotation: 0, readRotation: 0, skewDegrees: 3.7, dpi: 200 },
  { pageRotation: 90, readRotation: 270, skewDegrees: -2.2, dpi: 300 },
];

describe("a scanned PDF", () => {
  test("gives the text back within 2 pt however page and scan are turned", async () => {
    let worst = 0;
    for (const shape of shapes) {
      const source = await scannedPdf(shape.pageRotation);
      const pdf = await makeSearchablePdf(
        { source: new Blob([source as BlobPart]), mediaType: "application/pdf", pages: [readBack(shape)] },
        taskContext,
      );
      worst = Math.max(worst, ...(await positionErrors(pdf, shape)));
    }
    console.info(
      `searchable PDF: largest position error over ${shapes.length} turns, both ends of each word: ${worst.toFixed(4)} pt (bar 2 pt)`,
    );
    expect(worst).toBeLessThan(2);
  });

  test("keeps every byte it had and looks the same", async () => {
    for (const useObjectStreams of [true, false]) {
      const source = await scannedPdf(90, { useObjectStreams });
      const shape: Shape = { pageRotation: 90, readRotation: 0, skewDegrees: 0, dpi: 300 };
      const pdf = await makeSearchablePdf(
        { source: new Blob([source as BlobPart]), mediaType: "application/pdf", pages: [readBack(shape)] },
        taskContext,
      );
      expect(Buffer.compare(Buffer.from(pdf.subarray(0, source.length)), Buffer.from(source))).toBe(0);
      expect(await render(pdf)).toEqual(await render(source));
    }
  });

  test("keeps the page's own content streams and resources, inherited ones too", async () => {
    const document = await PDFDocument.create();
    const page = document.addPage([500, 700]);
    page.drawText("born digital", { font: await document.embedFont(StandardFonts.Helvetica), x: 60, y: 60, size: 14 });
    // Move the resources to the page tree, where pages inherit them from.
    const resources = page.node.Resources()!;
    page.node.delete(PDFName.of("Resources"));
    document.catalog.Pages().set(PDFName.of("Resources"), resources);
    const source = await document.save({ useObjectStreams: false });
    const text = textPage([textBlock("text", ["scanned words"])], { origin: "mixed" });
    const pdf = await makeSearchablePdf(
      { source: new Blob([source as BlobPart]), mediaType: "application/pdf", pages: [text] },
      taskContext,
    );
    const [items = []] = await readPdfText(pdf);
    expect(items.map((item) => item.text)).toEqual(["scanned words", "born digital"]);
    const before = contentStreams((await PDFDocument.load(source)).getPage(0));
    expect(contentStreams((await PDFDocument.load(pdf)).getPage(0)).slice(1)).toEqual(before);
  });

  test("gets no second text where it has its own", async () => {
    const source = await scannedPdf(0);
    const layer = textPage([textBlock("text", ["already here"])], { origin: "text-layer" });
    const pdf = await makeSearchablePdf(
      { source: new Blob([source as BlobPart]), mediaType: "application/pdf", pages: [layer] },
      taskContext,
    );
    expect((await readPdfText(pdf))[0]).toEqual([]);
  });

  test("adds only the words read by OCR to a mixed page", async () => {
    const block = textBlock("text", ["own read"]);
    const [own, read] = block.lines[0]!.words;
    const mixed = { ...block, lines: [{ ...block.lines[0]!, words: [{ ...own!, confidence: 1 }, read!] }] };
    const pdf = await makeSearchablePdf(
      {
        source: new Blob([(await scannedPdf(0)) as BlobPart]),
        mediaType: "application/pdf",
        pages: [textPage([mixed], { ...cropSize, origin: "mixed" })],
      },
      taskContext,
    );
    expect((await readPdfText(pdf))[0]?.map((item) => item.text)).toEqual(["read"]);
  });

  test("can be made searchable twice without losing either text", async () => {
    const page = (text: string) => textPage([textBlock("text", [text])], cropSize);
    const once = await makeSearchablePdf(
      { source: new Blob([(await scannedPdf(0)) as BlobPart]), mediaType: "application/pdf", pages: [page("first")] },
      taskContext,
    );
    const twice = await makeSearchablePdf(
      { source: new Blob([once]), mediaType: "application/pdf", pages: [page("second")] },
      taskContext,
    );
    expect((await readPdfText(twice))[0]?.map((item) => item.text)).toEqual(["second", "first"]);
  });

  test("is the same every time", async () => {
    const source = await scannedPdf(0);
    const make = () =>
      makeSearchablePdf(
        { source: new Blob([source as BlobPart]), mediaType: "application/pdf", pages: [readBack(shapes[0]!)] },
        taskContext,
      );
    expect(Buffer.compare(Buffer.from(await make()), Buffer.from(await make()))).toBe(0);
  });
});

test("any text can be laid under a page, and comes out as a PDF that opens", async () => {
  const source = new Blob([(await scannedPdf(0)) as BlobPart]);
  await fc.assert(
    fc.asyncProperty(arbitraryPageText, async ({ pages }) => {
      const first = pages.slice(0, 1).map((page) => ({ ...page, number: 1, origin: "ocr" as const }));
      const pdf = await makeSearchablePdf({ source, mediaType: "application/pdf", pages: first }, taskContext);
      expect(await readPdfText(pdf)).toHaveLength(1);
      expect((await PDFDocument.load(pdf, { throwOnInvalidObject: true })).getPageCount()).toBe(1);
    }),
    { numRuns: 50 },
  );
});

describe("an image", () => {
  test.each(["png", "jpeg", "webp", "tiff", "gif"] as const)(
    "%s becomes a page of its size with its text",
    async (format) => {
      const bytes = await sharp({ create: { width: 400, height: 200, channels: 3, background: "#c06040" } })
        .toFormat(format)
        .toBuffer();
      const page = textPage([textBlock("text", ["on a picture"])], { widthPixels: 400, heightPixels: 200, dpi: 144 });
      const pdf = await makeSearchablePdf(
        { source: new Blob([bytes as BlobPart]), mediaType: `image/${format}`, pages: [page] },
        taskContext,
      );
      const document = await PDFDocument.load(pdf);
      expect(document.getPage(0).getSize()).toEqual({ width: 200, height: 100 });
      const [items = []] = await readPdfText(pdf);
      expect(items.map(({ text, x, y }) => [text, Math.round(x), Math.round(y)])).toEqual([["on a picture", 50, 40]]);
      // #c06040 is 121 in grey; a lossy format may be off by a little.
      expect(Math.abs((await render(pdf))[1000]! - 121)).toBeLessThan(4);
    },
  );

  test("every pixel of a lossless image is kept, grey ones as grey", async () => {
    for (const channels of [1, 3] as const) {
      const pixels = Buffer.from(
        Array.from({ length: 30 * 20 * channels }, (_, at) => (at * 37 + (at >> 3) * 11) % 256),
      );
      const bytes = await sharp(pixels, { raw: { width: 30, height: 20, channels } })
        .png()
        .toBuffer();
      const page = textPage([], { widthPixels: 30, heightPixels: 20, dpi: 72 });
      const pdf = await makeSearchablePdf(
        { source: new Blob([bytes as BlobPart]), mediaType: "image/png", pages: [page] },
        taskContext,
      );
      const shown = await render(pdf, 30, 20);
      const grey = await sharp(bytes).flatten().toColourspace("b-w").raw().toBuffer();
      const worst = Math.max(...shown.map((value, at) => Math.abs(value - grey[at]!)));
      // Two ways from RGB to grey differ by a few levels; a page of grey pixels does not.
      expect(worst).toBeLessThanOrEqual(channels === 1 ? 0 : 40);
      expect(Buffer.from(pdf).includes(channels === 1 ? "/DeviceGray" : "/DeviceRGB")).toBe(true);
    }
  });

  test("JPEG bytes are taken over as they are", async () => {
    const bytes = await sharp({ create: { width: 40, height: 20, channels: 3, background: "red" } })
      .jpeg()
      .toBuffer();
    const page = textPage([], { widthPixels: 40, heightPixels: 20 });
    const pdf = await makeSearchablePdf(
      { source: new Blob([bytes as BlobPart]), mediaType: "image/jpeg", pages: [page] },
      taskContext,
    );
    expect(Buffer.from(pdf).includes(bytes)).toBe(true);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("JPEG with EXIF orientation %i is shown upright", async (orientation) => {
    // Left half black, upper right quarter grey: no two orientations look alike.
    const pixels = Buffer.alloc(64 * 48, 255).map((_, at) => (at % 64 < 32 ? 0 : at < 64 * 24 ? 128 : 255));
    const bytes = await sharp(pixels, { raw: { width: 64, height: 48, channels: 1 } })
      .jpeg({ quality: 100 })
      .withMetadata({ orientation })
      .toBuffer();
    const upright = await sharp(bytes).autoOrient().toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
    const size = { widthPixels: upright.info.width, heightPixels: upright.info.height };
    const pdf = await makeSearchablePdf(
      { source: new Blob([bytes as BlobPart]), mediaType: "image/jpeg", pages: [textPage([], { ...size, dpi: 72 })] },
      taskContext,
    );
    const shown = await render(pdf, size.widthPixels, size.heightPixels);
    const differing = shown.filter((value, at) => Math.abs(value - upright.data[at]!) > 40).length;
    expect(differing).toBeLessThan(0.08 * shown.length);
  });

  test("of several pages becomes as many", async () => {
    const page = (shade: string) =>
      sharp({ create: { width: 60, height: 40, channels: 3, background: shade } })
        .png()
        .toBuffer();
    const bytes = await sharp([await page("black"), await page("white")], { join: { animated: true } })
      .tiff()
      .toBuffer();
    const pages = [1, 2].map((number) => textPage([], { number, widthPixels: 60, heightPixels: 40, dpi: 72 }));
    const pdf = await makeSearchablePdf(
      { source: new Blob([bytes as BlobPart]), mediaType: "image/tiff", pages },
      taskContext,
    );
    expect((await PDFDocument.load(pdf)).getPageCount()).toBe(2);
    expect([(await render(pdf, 60, 40, 0))[600], (await render(pdf, 60, 40, 1))[600]]).toEqual([0, 255]);
  });
});

describe("refused", () => {
  const text = (source?: PageText["source"]): PageText => ({
    pages: [textPage([textBlock("text", ["a"])], { number: 3 })],
    pageCount: 3,
    ...(source === undefined ? {} : { source }),
  });

  test("without the document", async () => {
    await expect(encodeSearchablePdf(text(), inline)).rejects.toMatchObject({ code: "SG_OUTPUT_NOT_ACCEPTABLE" });
  });

  test("text of a page the document does not have", async () => {
    const source = { blob: new Blob([(await scannedPdf(0)) as BlobPart]), mediaType: "application/pdf" };
    await expect(encodeSearchablePdf(text(source), inline)).rejects.toMatchObject({ code: "SG_INPUT_INVALID" });
  });

  test("a damaged or encrypted PDF", async () => {
    const damaged = { blob: new Blob(["%PDF-1.7\nnothing"]), mediaType: "application/pdf" };
    await expect(encodeSearchablePdf(text(damaged), inline)).rejects.toMatchObject({ code: "SG_INPUT_CORRUPT" });
    const document = await PDFDocument.create();
    document.addPage();
    document.encrypt({ userPassword: "secret", ownerPassword: "secret" });
    const encrypted = { blob: new Blob([(await document.save()) as BlobPart]), mediaType: "application/pdf" };
    await expect(encodeSearchablePdf(text(encrypted), inline)).rejects.toMatchObject({ code: "SG_INPUT_ENCRYPTED" });
  });
});

test("pdfium finds every word however page and scan are turned", async () => {
  const library = await PDFiumLibrary.init();
  try {
    for (const shape of shapes) {
      const source = await scannedPdf(shape.pageRotation);
      const pdf = await makeSearchablePdf(
        { source: new Blob([source as BlobPart]), mediaType: "application/pdf", pages: [readBack(shape)] },
        taskContext,
      );
      const document = await library.loadDocument(pdf);
      const found = document.getPage(0).getText().split(/\s+/).toSorted();
      document.destroy();
      expect(found, JSON.stringify(shape)).toEqual(words.map((word) => word.text).toSorted());
    }
  } finally {
    library.destroy();
  }
});

const hasPdftotext = (() => {
  try {
    execFileSync("pdftotext", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

test("poppler finds the words in the same places", async (context) => {
  context.skip(!hasPdftotext, "pdftotext of poppler-utils is not installed");
  const folder = mkdtempSync(join(tmpdir(), "stargate-"));
  try {
    const shape: Shape = { pageRotation: 0, readRotation: 0, skewDegrees: 0, dpi: 300 };
    const pdf = await makeSearchablePdf(
      { source: new Blob([(await scannedPdf(0)) as BlobPart]), mediaType: "application/pdf", pages: [readBack(shape)] },
      taskContext,
    );
    writeFileSync(join(folder, "out.pdf"), pdf);
    const html = execFileSync("pdftotext", ["-bbox", "-cropbox", join(folder, "out.pdf"), "-"], { encoding: "utf8" });
    const found = [...html.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</g)];
    expect(found.map((match) => match[5])).toEqual(words.map((word) => word.text));
    const errors = found.flatMap((match, at) => [
      Math.abs(Number(match[1]) + 30 - words[at]!.x),
      Math.abs(Number(match[3]) + 30 - words[at]!.x - words[at]!.widthPoints),
    ]);
    expect(Math.max(...errors)).toBeLessThan(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

async function render(pdf: Uint8Array, width = 200, height = 100, page = 0): Promise<Uint8Array> {
  const raster = await openPdfRaster(pdf);
  try {
    return raster.renderGray(page, width, height).data;
  } finally {
    raster.close();
  }
}

function contentStreams(page: PDFPage): readonly string[] {
  const contents = page.node.Contents();
  const streams =
    contents instanceof PDFArray
      ? contents.asArray().map((reference) => page.doc.context.lookup(reference))
      : [contents];
  return streams.map((stream) =>
    stream instanceof PDFRawStream ? Buffer.from(stream.contents).toString("latin1") : "",
  );
}
