import type { PageTextLine, PageTextWord } from "@stargate/kernel";

/** Characters that reach below the baseline in most typefaces. */
const descender = /[gjpqyçşţ,;()[\]{}|/\\@$§Qµ_]/u;
/** Part of a line's height that lies below the baseline when only its box is known. */
const DESCENT = 0.22;

/** Height of the baseline, in pixels from the top of the page, at a place along the line. */
export type Baseline = (x: number) => number;

/** Baseline of a word: the engine's own where there is one, the line's otherwise. */
export function wordBaseline(word: PageTextWord, line: Baseline): Baseline {
  return word.baseline === undefined ? line : through(word.baseline);
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
