import type { Box } from "@stargate/kernel";
import { unionOf, weightedMedian } from "./geometry.ts";

/** A word on the upright page. Pixels, origin top-left. */
export interface LayoutWord {
  readonly text: string;
  readonly box: Box;
  readonly confidence: number;
  /** End points of its base line. */
  readonly baseline?: Box | undefined;
  readonly fontSizePixels: number;
}

/** Words that stand close together on one base line. A line of a column is one segment, a row of a table several. */
export interface Segment {
  readonly words: readonly LayoutWord[];
  readonly box: Box;
  /** Height of the base line below the page's top. */
  readonly baselineY: number;
  readonly fontSizePixels: number;
}

/** Wider gaps than this many font sizes end a segment: more than a justified space, less than a gutter. */
const SEGMENT_GAP_EMS = 1;

/** Cuts words of one line, in their order, into segments. */
export function toSegments(words: readonly LayoutWord[]): readonly Segment[] {
  const groups: LayoutWord[][] = [];
  for (const word of words) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const gapPixels = last === undefined ? 0 : Math.max(word.box[0] - last.box[2], last.box[0] - word.box[2]);
    const em = Math.max(word.fontSizePixels, last?.fontSizePixels ?? 0);
    if (group === undefined || gapPixels > SEGMENT_GAP_EMS * em) groups.push([word]);
    else group.push(word);
  }
  return groups.map(makeSegment);
}

export function makeSegment(words: readonly LayoutWord[]): Segment {
  const weighted = (value: (word: LayoutWord) => number): number =>
    weightedMedian(words.map((word) => [value(word), word.text.length] as const));
  const baselineOf = ({ baseline, box }: LayoutWord): number =>
    baseline === undefined ? box[3] : (baseline[1] + baseline[3]) / 2;
  return {
    words,
    box: unionOf(words.map((word) => word.box)),
    baselineY: weighted(baselineOf),
    fontSizePixels: weighted((word) => word.fontSizePixels),
  };
}

/** Characters of a segment, spaces included. */
export function lengthOf(segment: Segment): number {
  return segment.words.reduce((sum, word) => sum + word.text.length + 1, -1);
}
