import type { Box } from "@stargate/kernel";
import { rasterDpi } from "../document/page-size.ts";
import type { UprightRuns } from "../document/text-layer.ts";
import { type GrayImage, trimWhite } from "../image/gray-image.ts";
import { findTextDirection } from "../image/text-direction.ts";
import { analysePage } from "../image/page-analysis.ts";
import { areaOf, overlapArea } from "../layout/geometry.ts";
import { segmentsOfLines } from "../layout/ocr-lines.ts";
import type { Segment } from "../layout/segment.ts";
import { chooseEngine, openEngine } from "../native/choose-engine.ts";
import type { PdfRaster, RelativeBox } from "../native/pdfium.ts";
import type { PdfTextPage } from "../native/pdfjs.ts";
import type { ReadPageInput } from "./read-page-task.ts";
import { engineDpi } from "./read-raster.ts";
import { undoTurn } from "./upright.ts";

/** Resolution at which pictures are searched for letters. */
const SEARCH_DPI = 110;

/** A picture with fewer letters than this outside the text layer is a picture. */
const MIN_LETTERS = 8;

/** Letters of text stand in lines; what is strewn is texture. */
const MIN_GAIN = 2;

/** Words in pictures that the engine is less sure of are mostly texture. */
const MIN_CONFIDENCE = 0.5;

/** Words of the text layer have 1: what was recognised stays distinguishable. */
const MAX_CONFIDENCE = 0.99;

export interface UncoveredRequest extends ReadPageInput {
  readonly text: UprightRuns;
  readonly segments: readonly Segment[];
  readonly pictures: readonly RelativeBox[];
  readonly page: PdfTextPage;
}

/**
 * Reads the text in a page's pictures that its text layer does not hold; undefined when there is none. A scan with an
 * invisible text layer is fully covered, so nothing is read twice.
 */
export async function readUncovered(
  pdf: PdfRaster,
  request: UncoveredRequest,
  signal: AbortSignal,
): Promise<{ readonly segments: readonly Segment[]; readonly engine: string } | undefined> {
  const searched = trimWhite(pictureOnly(pdf, request, SEARCH_DPI));
  const { letters, sizePixels } = analysePage(searched);
  if (letters.length < MIN_LETTERS || findTextDirection(letters, { sizePixels }).gain < MIN_GAIN) return undefined;
  const dpi = rasterDpi(request.page, request.options.dpi, request.maxPixels);
  const { languages } = request.options;
  const { name, label } = await chooseEngine(request.options.engine, languages, request.engines);
  const image = pictureOnly(pdf, request, dpi);
  const lines = await openEngine(name, request.engines).recognise({
    image,
    languages,
    dpi: engineDpi(dpi, 1),
    layout: "page",
    signal,
  });
  const scale = request.options.dpi / dpi;
  const scaled = (box: Box): Box => [box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale];
  const covered = request.segments.flatMap((segment) => segment.words.map((word) => word.box));
  const kept = lines.flatMap(({ words, baseline }) => {
    const sure = words
      .map((word) => ({ ...word, box: scaled(word.box), confidence: Math.min(MAX_CONFIDENCE, word.confidence) }))
      .filter((word) => word.confidence >= MIN_CONFIDENCE && /[\p{L}\p{N}]/u.test(word.text))
      .filter((word) => !covered.some((box) => overlapArea(box, word.box) > 0.5 * areaOf(word.box)));
    return sure.length === 0 ? [] : [{ words: sure, baseline: baseline === undefined ? undefined : scaled(baseline) }];
  });
  return kept.length === 0 ? undefined : { segments: segmentsOfLines(kept), engine: label };
}

/** The upright page with everything white but its pictures, and these white where the text layer has a word. */
function pictureOnly(
  pdf: PdfRaster,
  { text, segments, pictures, page, number, options }: UncoveredRequest,
  dpi: number,
): GrayImage {
  const pixels = (points: number): number => Math.max(1, Math.round((points / 72) * dpi));
  const shown = pdf.renderGray(number - 1, pixels(page.widthPoints), pixels(page.heightPoints));
  const { widthPixels: width, heightPixels: height } = shown;
  const data = new Uint8Array(shown.data.length).fill(255);
  for (const [left, top, right, bottom] of pictures) {
    const end = Math.min(height, Math.ceil(bottom * height));
    for (let y = Math.max(0, Math.floor(top * height)); y < end; y++) {
      const row = y * width;
      const [from, to] = [row + Math.floor(left * width), row + Math.ceil(right * width)];
      data.set(shown.data.subarray(from, to), from);
    }
  }
  const upright = undoTurn({ data, widthPixels: width, heightPixels: height }, text.turnDegrees);
  const scale = dpi / options.dpi;
  for (const { box } of segments.flatMap((segment) => segment.words)) whiten(upright, box, scale);
  return upright;
}

function whiten(image: GrayImage, box: Box, scale: number): void {
  const margin = (box[3] - box[1]) * 0.15;
  const left = Math.max(0, Math.floor((box[0] - margin) * scale));
  const right = Math.min(image.widthPixels, Math.ceil((box[2] + margin) * scale));
  const bottom = Math.min(image.heightPixels, Math.ceil((box[3] + margin) * scale));
  for (let y = Math.max(0, Math.floor((box[1] - margin) * scale)); y < bottom; y++) {
    if (right > left) image.data.fill(255, y * image.widthPixels + left, y * image.widthPixels + right);
  }
}
