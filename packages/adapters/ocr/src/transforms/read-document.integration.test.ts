import { createPortableHost } from "@stargate/kernel";
import { describe, expect, test } from "vitest";
import { writeBmp, writePgm, writeTiff } from "../../../../../test/support/image-writers.ts";
import { paragraph, type PdfPage, writePdf } from "../../../../../test/support/pdf-writer.ts";
import { prose, prosePage } from "../../../../../test/support/printed-pages.ts";
import { readWithOcr, wordsOf } from "../../../../../test/support/read-with-ocr.ts";
import { openPdfRaster } from "../native/pdfium.ts";

/** A scan: the page as grey pixels. */
async function scanOf(page: PdfPage, dpi = 200) {
  const pdf = await openPdfRaster(writePdf([page]));
  const pixels = (points: number): number => Math.round((points / 72) * dpi);
  const image = pdf.renderGray(0, pixels(page.widthPoints ?? 595), pixels(page.heightPoints ?? 842));
  pdf.close();
  return image;
}

async function scannedPage(page: PdfPage): Promise<PdfPage> {
  const { widthPoints = 595, heightPoints = 842 } = page;
  return {
    widthPoints,
    heightPoints,
    pictures: [{ x: 0, y: 0, widthPoints, heightPoints, image: await scanOf(page) }],
  };
}

const line = (text: string, y = 100): PdfPage => ({
  widthPoints: 400,
  heightPoints: 200,
  texts: [{ text, x: 30, y, size: 16 }],
});
const letters = (text: string): string => Array.from(text.replace(/\s/g, "")).sort().join("");

describe("born-digital pages", () => {
  test("give every character of their text layer, without OCR", async () => {
    const { page, truth } = prosePage();
    const { value, text, recorded } = await readWithOcr(writePdf([page]));
    expect(value.pages[0]).toMatchObject({ origin: "text-layer", rotationDegrees: 0, skewDegrees: 0, dpi: 300 });
    expect(text.replace(/\s+/g, " ").trim()).toBe(truth.replace(/\s+/g, " ").trim());
    expect(recorded.facts["engines"]).toEqual([]);
  });

  test("are read column by column", async () => {
    const [left, right] = [
      paragraph(`LEFT ${prose}`, { x: 50, y: 120, width: 230 }),
      paragraph(`RIGHT ${prose}`, { x: 315, y: 120, width: 230 }),
    ];
    const title = { text: "A title across both columns of the page", x: 50, y: 70, size: 22 };
    const { text } = await readWithOcr(writePdf([{ texts: [...right, title, ...left] }]));
    const truth = [title, ...left, ...right].map((item) => item.text).join(" ");
    expect(text.replace(/\s+/g, " ").trim()).toBe(truth.replace(/\s+/g, " "));
  });

  test("state word boxes in pixels that are PDF points at 72 dpi, also under /Rotate", async () => {
    const texts = [{ text: "Corner", x: 50, y: 100, size: 12 }];
    const upright = wordsOf((await readWithOcr(writePdf([{ texts }]), { dpi: 144 })).value)[0];
    expect(upright?.box[0]).toBeCloseTo(100, 0);
    expect(upright?.baseline?.[1]).toBeCloseTo(200, 0);
    // Turned by a quarter for display, the text runs down the right side: read upright it keeps its own geometry.
    const { value } = await readWithOcr(writePdf([{ texts, rotate: 90 }]), { dpi: 144 });
    expect(value.pages[0]).toMatchObject({ rotationDegrees: 90, widthPixels: 1190, heightPixels: 1684 });
    expect(wordsOf(value)[0]?.box[0]).toBeCloseTo(100, 0);
  });

  test.each([0, 90, 180, 270] as const)(
    "whose text is turned by %i degrees are read as upright ones",
    async (angleDegrees) => {
      const { page, truth } = prosePage("F1");
      const turned = { ...page, texts: [], rotate: angleDegrees };
      const { text, value } = await readWithOcr(writePdf([{ ...turned, texts: page.texts ?? [] }]));
      expect(value.pages[0]?.rotationDegrees).toBe(angleDegrees);
      expect(letters(text)).toBe(letters(truth));
    },
  );

  test("keep a text layer that is invisible over a scan, and read nothing twice", async () => {
    const { page, truth } = prosePage();
    const scan = await scannedPage(page);
    const { value, text } = await readWithOcr(
      writePdf([{ ...scan, texts: (page.texts ?? []).map((item) => ({ ...item, isInvisible: true })) }]),
    );
    expect(value.pages[0]?.origin).toBe("text-layer");
    expect(letters(text)).toBe(letters(truth));
  });
});

describe.each(["tesseract.js", "native"] as const)("scanned pages with %s", (engine) => {
  const read = async (
    context: { skip(condition: boolean, note: string): void },
    ...input: Parameters<typeof readWithOcr>
  ) => {
    try {
      return await readWithOcr(input[0], { engine, ...input[1] }, input[2]);
    } catch (error) {
      context.skip(
        (error as { code?: string }).code === "SG_OCR_ENGINE_MISSING",
        "the tesseract binary is not installed",
      );
      throw error;
    }
  };

  test("are recognised, and the receipt names the engine", async (context) => {
    const { value, text, recorded } = await read(
      context,
      writePdf([await scannedPage(line("Scanned pages have no text layer"))]),
    );
    expect(value.pages[0]).toMatchObject({
      origin: "ocr",
      engine: expect.stringMatching(/^tesseract(\.js)? \d+\.\d+/),
    });
    expect(text.trim()).toBe("Scanned pages have no text layer");
    expect(recorded.facts["engines"]).toEqual([value.pages[0]?.engine]);
  });

  test("of all image formats give the same text", async (context) => {
    const image = await scanOf(line("Seven formats, one text"));
    for (const bytes of [writePgm(image), writeBmp(image), writeTiff([image])]) {
      expect((await read(context, bytes)).text.trim()).toBe("Seven formats, one text");
    }
  });

  test("of a TIFF are counted and kept in order", async (context) => {
    const images = await Promise.all(["First page", "Second page", "Third page"].map((text) => scanOf(line(text))));
    const { value, recorded } = await read(context, writeTiff(images));
    expect(value.pages.map((page) => wordsOf({ pages: [page], pageCount: 1 })[0]?.text)).toEqual([
      "First",
      "Second",
      "Third",
    ]);
    expect(recorded.coverage).toEqual([{ done: 3, of: 3, measure: "page" }]);
  });

  test("with text beside the picture are read from both", async (context) => {
    const picture = {
      x: 60,
      y: 300,
      widthPoints: 400,
      heightPoints: 200,
      image: await scanOf(line("Only in the picture, not in the text layer")),
    };
    const typed = paragraph("This sentence is typed and long enough to count as a text layer of its own.", {
      x: 60,
      y: 100,
      width: 400,
    });
    const { value, text } = await read(context, writePdf([{ texts: typed, pictures: [picture] }]));
    expect(value.pages[0]?.origin).toBe("mixed");
    expect(text).toContain("typed and long enough");
    expect(text).toContain("Only in the picture, not in the text layer");
    expect(wordsOf(value).filter((word) => word.confidence === 1)).toHaveLength(16);
  });

  test("that are blank are empty and covered", async (context) => {
    const blank = { data: new Uint8Array(400 * 300).fill(255), widthPixels: 400, heightPixels: 300 };
    const { value, recorded } = await read(context, writePgm(blank));
    expect(value.pages[0]).toMatchObject({ origin: "empty", blocks: [] });
    expect(recorded.coverage[0]).toMatchObject({ done: 1, of: 1 });
  });
});

describe("documents", () => {
  const five = writePdf(
    [1, 2, 3, 4, 5].map((page) => ({ texts: [{ text: `This is page number ${page} of the document`, x: 50, y: 80 }] })),
  );

  test("are read in the pages asked for", async () => {
    const { value, recorded } = await readWithOcr(five, { pages: "2,4-" });
    expect(value.pages.map((page) => page.number)).toEqual([2, 4, 5]);
    expect(value.pageCount).toBe(5);
    expect(recorded.coverage).toEqual([{ done: 3, of: 3, measure: "page" }]);
  });

  test("refuse pages they do not have, naming the range and the number of pages", async () => {
    await expect(readWithOcr(five, { pages: "3-9" })).rejects.toMatchObject({
      code: "SG_OCR_PAGE_RANGE",
      message: expect.stringMatching(/"3-9".*5 pages/),
    });
  });

  test("report progress and hand out each page as it is done", async () => {
    const { recorded } = await readWithOcr(five);
    expect(recorded.progress.at(-1)).toEqual({ done: 5, of: 5 });
    expect(recorded.emitted.map(({ type }) => type)).toEqual(["page", "page", "page", "page", "page"]);
    expect(recorded.meter).toEqual([{ unit: "page", quantity: 5 }]);
  });

  test("survive a bad page: it is an issue and a gap, the others are read", async () => {
    const good = { texts: [{ text: "A page that can be read without any trouble", x: 50, y: 80 }] };
    const huge = { widthPoints: 14_173, heightPoints: 14_173, raw: "0 0 900 900 re f" };
    const { value, recorded } = await readWithOcr(writePdf([good, huge, good]));
    expect(value.pages.map((page) => page.number)).toEqual([1, 3]);
    expect(recorded.issues).toMatchObject([{ code: "SG_INPUT_TOO_LARGE", item: "page 2", hint: expect.any(String) }]);
    expect(recorded.coverage).toMatchObject([{ done: 2, of: 3, missing: [{ what: "page 2" }] }]);
  });

  test("announce a lower resolution than asked for, and refuse it under degrade: never", async () => {
    const poster = writePdf([{ widthPoints: 2400, heightPoints: 2400, raw: "100 100 500 500 re f" }]);
    const adapter = { maxPixels: 30_000_000 };
    const { recorded } = await readWithOcr(poster, {}, { adapter });
    expect(recorded.degradations).toMatchObject([{ what: "page 1 was read at 164 instead of 300 dpi" }]);
    await expect(readWithOcr(poster, {}, { adapter, degrade: "never" })).rejects.toMatchObject({
      code: "SG_DEGRADE_REFUSED",
    });
  });

  test("say which pages a text-layer-only reading left out", async () => {
    const blank = { texts: [] };
    const { value, recorded } = await readWithOcr(writePdf([{ texts: [{ text: "Digital", x: 50, y: 50 }] }, blank]), {
      mode: "text-layer",
    });
    expect(value.pages).toHaveLength(1);
    expect(recorded.issues).toMatchObject([{ code: "SG_OCR_NO_TEXT_LAYER", item: "page 2" }]);
  });

  test("fail as a whole when the language is not installed, saying how to add it", async () => {
    const scan = writePgm(await scanOf(line("Bonjour")));
    for (const engine of ["auto", "tesseract.js"]) {
      await expect(readWithOcr(scan, { engine, languages: ["eng", "kur"] })).rejects.toMatchObject({
        code: "SG_OCR_LANGUAGE_MISSING",
        message: expect.stringContaining('"kur"'),
        hint: expect.stringContaining("@tesseract.js-data/kur"),
      });
    }
  });

  test("need no language data when there is nothing to recognise", async () => {
    expect((await readWithOcr(five, { languages: ["kur"] })).value.pages).toHaveLength(5);
  });

  test("say how to install a native engine that is not there", async () => {
    const scan = writePgm(await scanOf(line("No engine")));
    const adapter = { tesseractPath: "/nowhere/tesseract" };
    await expect(readWithOcr(scan, { engine: "native" }, { adapter })).rejects.toMatchObject({
      code: "SG_OCR_ENGINE_MISSING",
      hint: expect.stringContaining("tesseract-ocr"),
    });
    expect((await readWithOcr(scan, { engine: "auto" }, { adapter })).value.pages[0]?.engine).toContain("tesseract.js");
  });

  test("of many scans hold a few rasters at a time, never all", async () => {
    const white = { data: new Uint8Array(100).fill(255), widthPixels: 10, heightPixels: 10 };
    const scan = { pictures: [{ x: 0, y: 0, widthPoints: 595, heightPoints: 842, image: white }] };
    const pages = 40;
    const held: number[] = [];
    const onProgress = (): void => void held.push(process.memoryUsage().arrayBuffers);
    const { value } = await readWithOcr(
      writePdf(Array.from({ length: pages }, () => scan)),
      { concurrency: 2 },
      { onProgress },
    );
    expect(value.pages).toHaveLength(pages);
    // A page of 300 dpi has 8.7 million pixels; 40 of them would be 350 MB.
    expect(Math.max(...held)).toBeLessThan(200 * 1024 * 1024);
  });

  test("work on no more pages at once than asked for, and start none after a cancel", async () => {
    const host = createPortableHost();
    const controller = new AbortController();
    let running = 0;
    let most = 0;
    let started = 0;
    const offload: typeof host.offload = async (task, input, options) => {
      if (task.export !== "readPage") return host.offload(task, input, options);
      started += 1;
      running += 1;
      most = Math.max(most, running);
      if (started === 3) controller.abort();
      const output = await host.offload(task, input, options).finally(() => (running -= 1));
      return output;
    };
    const many = writePdf(Array.from({ length: 20 }, () => ({ texts: [{ text: "Page", x: 50, y: 50 }] })));
    const reading = readWithOcr(many, { concurrency: 2 }, { host: { ...host, offload }, signal: controller.signal });
    await expect(reading).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    expect(most).toBeLessThanOrEqual(2);
    expect(started).toBeLessThanOrEqual(4);
  });

  test.each(["tesseract.js", "native"])("stop %s in the middle of a page when they are cancelled", async (engine) => {
    const scan = writePgm(await scanOf(prosePage().page, 300));
    const controller = new AbortController();
    const reading = readWithOcr(scan, { engine }, { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(reading).rejects.toMatchObject({
      code: expect.stringMatching(/SG_RUN_CANCELLED|SG_OCR_ENGINE_MISSING/),
    });
  });
});
