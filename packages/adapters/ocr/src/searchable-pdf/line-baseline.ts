import type { PageTextLine, PageTextWord } from "@stargate/kernel";

/** Characters that reach below the baseline in most typefaces. */
const descender = /[gjpqyçşţ,;()[\]{}|/\\@$§Qµ_]/u;
/** Part of a line's height that lies below the baseline when only its box is known. */
const DESCENT = 0.22;

/** Height of the baseline, in pixels from the top of the page, at a place along the line. */
export type Baseline = (x: number) => number;

/** A baseline further than this many font sizes from the bottom of a word belongs to other words. */
const TOLERANCE_EMS = 0.15;
/** Height of a word without descenders, in font sizes. One that is higher has caught a rule of a table. */
const PLAIN_WORD_EMS = [0.35, 0.85] as const;

/**
 * Baseline of a word: the engine's own where there is one, the line's otherwise. Engines lay one baseline through words
 * of two columns that are not quite level; then a word without descenders stands on the bottom of its box.
 */
export function wordBaseline(word: PageTextWord, line: Baseline, fontSizePixels: number): Baseline {
  const known = word.baseline === undefined ? line : through(word.baseline);
  const [left, top, right, bottom] = word.box;
  const heightEms = (bottom - top) / fontSizePixels;
  const isPlain = /[\p{L}\p{N}]/u.test(word.text) && !descender.test(word.text);
  const isTrusted = isPlain && heightEms >= PLAIN_WORD_EMS[0] && heightEms <= PLAIN_WORD_EMS[1];
  const isNear = Math.abs(known((left + right) / 2) - bottom) <= TOLERANCE_EMS * fontSizePixels;
  return isNear || !isTrusted ? known : () => bottom;
}

/**
 * Baseline of a line from its words: through the words' own baselines, else at the bottom of the words that have no
 * descenders, else a typical descent above the bottom of the line.
 */
export function lineBaseline(line: PageTextLine): Baseline {
  const known = line.words.flatMap((word) => (word.baseline === undefined ? [] : [word.baseline]));
  const first = known[0];
  const last = known.at(-1);
  if (first !== undefined && last !== undefined) return through([first[0], first[1], last[2], last[3]]);
  const bottoms = line.words.filter((word) => !descender.test(word.text)).map((word) => word.box[3]);
  const sorted = bottoms.sort((a, b) => a - b);
  const y = sorted[sorted.length >> 1] ?? line.box[3] - DESCENT * (line.box[3] - line.box[1]);
  return () => y;
}

function through([x0, y0, x1, y1]: readonly [number, number, number, number]): Baseline {
  const slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0;
  return (x) => y0 + slope * (x - x0);
}
