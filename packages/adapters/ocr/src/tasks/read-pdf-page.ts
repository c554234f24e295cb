import type { PageTextPage } from "@stargate/kernel";
import type { OpenDocument } from "../document/open-documents.ts";
import { rasterDpi } from "../document/page-size.ts";
import { judgeText, type TextQuality } from "../document/text-quality.ts";
import { uprightRuns, type UprightRuns } from "../document/text-layer.ts";
import { layoutPage } from "../layout/layout-page.ts";
import { makeSegment, type Segment } from "../layout/segment.ts";
import { segmentsOfRuns } from "../layout/text-runs.ts";
import type { RelativeBox } from "../native/pdfium.ts";
import type { PdfTextPage } from "../native/pdfjs.ts";
import { cancelled } from "../native/slots.ts";
import { fail } from "../ocr-errors.ts";
import type { ReadPage, ReadPageInput } from "./read-page-task.ts";
import { readRaster } from "./read-raster.ts";
import { readUncovered } from "./read-uncovered.ts";

/** Share of the page a picture must take to make it a scan. */
const PAGE_FILLING = 0.6;

/** Pictures below this share of the page hold no text worth looking for. */
const MIN_PICTURE = 0.003;

/** Reads a page of a PDF: its text layer where that is good, its picture where it is not, both where both have text. */
export async function readPdfPage(
  document: OpenDocument,
  input: ReadPageInput,
  signal: AbortSignal,
): Promise<ReadPage> {
  const pdf = await document.text();
  const page = await pdf.readPage(input.number - 1);
  if (signal.aborted) throw cancelled(signal);
  const { mode } = input.options;
  const quality = mode === "ocr" ? "none" : judgeText(page.runs.map((run) => run.text).join(" "));
  if (mode === "text-layer") return { page: textLayerPage(page, input, quality) };
  if (quality === "none" || quality === "garbage") return readPicture(document, page, input, signal);
  const raster = await document.raster();
  const pictures = raster.imageBoxes(input.number - 1).filter((box) => shareOf(box) >= MIN_PICTURE);
  if (quality === "few" && pictures.some((box) => shareOf(box) >= PAGE_FILLING))
    return readPicture(document, page, input, signal);
  const text = uprightRuns(page, input.options.dpi);
  const segments = textSegments(text);
  if (pictures.length > 0) {
    const found = await readUncovered(raster, { ...input, text, segments, pictures, page }, signal);
    if (found !== undefined) {
      const blocks = layoutPage([...segments, ...found.segments]);
      return {
        page: {
          ...frame(text, input),
          origin: "mixed",
          engine: found.engine,
          languages: input.options.languages,
          blocks,
        },
      };
    }
  }
  return { page: { ...frame(text, input), origin: "text-layer", languages: [], blocks: layoutPage(segments) } };
}

async function readPicture(
  document: OpenDocument,
  page: PdfTextPage,
  input: ReadPageInput,
  signal: AbortSignal,
): Promise<ReadPage> {
  const wanted = input.options.dpi;
  const dpi = rasterDpi(page, wanted, input.maxPixels);
  const pdf = await document.raster();
  const pixels = (points: number): number => Math.max(1, Math.round((points / 72) * dpi));
  const raster = pdf.renderGray(input.number - 1, pixels(page.widthPoints), pixels(page.heightPoints));
  const read = await readRaster(raster, { ...input, dpi }, signal);
  return { page: read, reducedToDpi: dpi < wanted ? dpi : undefined };
}

function textLayerPage(page: PdfTextPage, input: ReadPageInput, quality: TextQuality): PageTextPage {
  if (quality === "none" || quality === "garbage") {
    throw fail(
      "SG_OCR_NO_TEXT_LAYER",
      `Page ${input.number} has no ${quality === "none" ? "" : "readable "}text layer`,
    );
  }
  const text = uprightRuns(page, input.options.dpi);
  return { ...frame(text, input), origin: "text-layer", languages: [], blocks: layoutPage(textSegments(text)) };
}

/** Text along the page, then each leaning run as a segment of its own. */
function textSegments(text: UprightRuns): readonly Segment[] {
  const leaning = text.aside.map((run) =>
    makeSegment([{ text: run.text, box: run.box, confidence: 1, fontSizePixels: run.fontSizePixels }]),
  );
  return [...segmentsOfRuns(text.runs), ...leaning];
}

function frame(
  text: UprightRuns,
  input: ReadPageInput,
): Pick<PageTextPage, "number" | "widthPixels" | "heightPixels" | "dpi" | "rotationDegrees" | "skewDegrees"> {
  return {
    number: input.number,
    widthPixels: Math.max(1, Math.round(text.widthPixels)),
    heightPixels: Math.max(1, Math.round(text.heightPixels)),
    dpi: input.options.dpi,
    rotationDegrees: text.turnDegrees,
    skewDegrees: 0,
  };
}

function shareOf(box: RelativeBox): number {
  return (box[2] - box[0]) * (box[3] - box[1]);
}
