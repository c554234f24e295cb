import { crop, type GrayImage } from "../image/gray-image.ts";
import type { PageAnalysis } from "../image/page-analysis.ts";
import type { QuarterTurn } from "../image/text-direction.ts";
import type { OcrEngine, RecognisedLine } from "../native/ocr-engine.ts";
import { makeUpright } from "./upright.ts";

/** With this many letters and this margin the shapes alone decide; measured on samples with a margin to spare. */
const ENOUGH_LETTERS = 80;
const CLEAR_MARGIN = 1.12;
const CLEAR_GAIN = 2;

/** Fewer letters than this are read as they stand. */
const MIN_LETTERS = 4;

/** A skew found from fewer letters than this is chance. */
const MIN_LETTERS_FOR_SKEW = 30;

/** The trial reads a square of this many letters on a side. */
const TRIAL_LETTERS = 30;

/** A trial must beat the page as it stands by this factor. */
const UPRIGHT_PRIOR = 1.15;

export interface Turn {
  readonly turnDegrees: QuarterTurn;
  readonly skewDegrees: number;
}

/**
 * Decides how a page is turned. Where the shapes of its letters leave doubt (few letters, capitals only), a small part
 * is read in all four ways and the best understood one wins.
 */
export async function findTurn(
  raster: GrayImage,
  analysis: PageAnalysis,
  read: (image: GrayImage) => ReturnType<OcrEngine["recognise"]>,
): Promise<Turn> {
  const { direction, letters } = analysis;
  if (letters.length < MIN_LETTERS) return { turnDegrees: 0, skewDegrees: 0 };
  const skewOf = (skewDegrees: number): number => (letters.length < MIN_LETTERS_FOR_SKEW ? 0 : skewDegrees);
  if (letters.length >= ENOUGH_LETTERS && direction.margin >= CLEAR_MARGIN && direction.gain >= CLEAR_GAIN) {
    return { turnDegrees: direction.turnDegrees, skewDegrees: skewOf(direction.skewDegrees) };
  }
  const part = densePart(raster, analysis);
  let best: { turn: Turn; score: number } | undefined;
  for (const { turnDegrees, skewDegrees } of direction.ranking) {
    const turn = { turnDegrees, skewDegrees: skewOf(skewDegrees) };
    const upright = await makeUpright(part, { ...turn, letterPixels: analysis.sizePixels }, Infinity);
    const score = understood(await read(upright.image)) * (turnDegrees === 0 ? UPRIGHT_PRIOR : 1);
    if (score > (best?.score ?? 0)) best = { turn, score };
  }
  return best?.turn ?? { turnDegrees: 0, skewDegrees: 0 };
}

/** How much of a reading makes sense: characters of words the engine is sure of. */
function understood(lines: readonly RecognisedLine[]): number {
  let score = 0;
  for (const { words } of lines) {
    for (const { text, confidence } of words) {
      const characters = text.replace(/[^\p{L}\p{N}]/gu, "").length;
      if (characters >= 2) score += characters * Math.max(0, confidence - 0.4);
    }
  }
  return score;
}

/** A square around the middle of the letters. */
function densePart(raster: GrayImage, { letters, sizePixels }: PageAnalysis): GrayImage {
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
  const x = middle(letters.map((letter) => letter.left));
  const y = middle(letters.map((letter) => letter.top));
  const reach = (TRIAL_LETTERS / 2) * Math.max(8, sizePixels);
  return crop(raster, [x - reach, y - reach, x + reach, y + reach]);
}
