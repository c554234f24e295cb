import type { PageTextPage } from "@stargate/kernel";
import type { GrayImage } from "../image/gray-image.ts";
import { analysePage } from "../image/page-analysis.ts";
import { cleanLines } from "../layout/clean-lines.ts";
import { layoutPage } from "../layout/layout-page.ts";
import { segmentsOfLines } from "../layout/ocr-lines.ts";
import { chooseEngine, openEngine } from "../native/choose-engine.ts";
import type { OcrEngine, RecogniseRequest, RecognisedLine } from "../native/ocr-engine.ts";
import { cancelled } from "../native/slots.ts";
import { findTurn } from "./find-turn.ts";
import type { ReadPageInput } from "./read-page-task.ts";
import { lookAgainAtTables } from "./second-look.ts";
import { makeUpright } from "./upright.ts";

export type RasterRequest = Pick<ReadPageInput, "number" | "options" | "engines" | "maxPixels"> & {
  /** Resolution of the raster. */
  readonly dpi: number;
};

/** Reads the picture of a page: turns it upright, straightens it, recognises it, puts it into reading order. */
export async function readRaster(
  raster: GrayImage,
  request: RasterRequest,
  signal: AbortSignal,
): Promise<PageTextPage> {
  const { languages } = request.options;
  const { name, label } = await chooseEngine(request.options.engine, languages, request.engines);
  const page = { number: request.number, dpi: request.dpi, engine: label, languages };
  const analysis = analysePage(raster);
  if (signal.aborted) throw cancelled(signal);
  if (analysis.isBlank) {
    return {
      ...page,
      widthPixels: raster.widthPixels,
      heightPixels: raster.heightPixels,
      origin: "empty",
      rotationDegrees: 0,
      skewDegrees: 0,
      blocks: [],
    };
  }
  const engine = openEngine(name, request.engines);
  const turn = await findTurn(raster, analysis, (image) =>
    engine.recognise({ image, languages, dpi: engineDpi(request.dpi, 1), layout: "block", signal }),
  );
  const upright = await makeUpright(raster, { ...turn, letterPixels: analysis.sizePixels }, request.maxPixels);
  const lines = await recognise(engine, {
    image: upright.image,
    languages,
    dpi: engineDpi(request.dpi, upright.enlargement),
    signal,
  });
  const blocks = layoutPage(
    segmentsOfLines(
      cleanLines(lines).map(({ words, baseline }) => ({
        words: words.map((word) => ({ ...word, box: upright.toPage(word.box) })),
        baseline: baseline === undefined ? undefined : upright.toPage(baseline),
      })),
    ),
  );
  return {
    ...page,
    ...upright.page,
    origin: blocks.length === 0 ? "empty" : "ocr",
    rotationDegrees: upright.turnDegrees,
    skewDegrees: upright.skewDegrees,
    blocks,
  };
}

/** A page; where that finds no text, words strewn over a photo. */
async function recognise(
  engine: OcrEngine,
  request: Omit<RecogniseRequest, "layout">,
): Promise<readonly RecognisedLine[]> {
  const lines = await engine.recognise({ ...request, layout: "page" });
  return lines.length > 0
    ? lookAgainAtTables(engine, request, lines)
    : engine.recognise({ ...request, layout: "sparse" });
}

/** Engines take no resolution below 70. */
export function engineDpi(dpi: number, enlargement: number): number {
  return Math.max(70, Math.round(dpi * enlargement));
}
