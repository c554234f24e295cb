import type { Box } from "@stargate/kernel";
import { weightedMedian } from "./geometry.ts";
import { type LayoutWord, type Segment, toSegments } from "./segment.ts";

/** A line as an engine read it, already on the upright page. */
export interface ReadLine {
  readonly words: readonly { readonly text: string; readonly box: Box; readonly confidence: number }[];
  readonly baseline?: Box | undefined;
}

/** Segments of lines that an engine read. */
export function segmentsOfLines(lines: readonly ReadLine[]): readonly Segment[] {
  return lines.flatMap((line) => {
    const fontSizePixels = fontSizeOf(line);
    const words = line.words.map((word): LayoutWord => ({
      ...word,
      baseline: baselineUnder(word.box, line.baseline),
      fontSizePixels,
    }));
    return toSegments(words);
  });
}

const tall = /[\p{Lu}\p{N}bdfhkltßäöüáéíóúàèìòùâêîôû!?()[\]{}/|%&@]/u;
const deep = /[gjpqyçşţ,;()[\]{}|Q]/u;

/**
 * Font size from the heights of words. In Latin typefaces x-height, ascender and descender are about 0.48, 0.24 and
 * 0.2 of the size. Other scripts count as tall.
 */
function fontSizeOf(line: ReadLine): number {
  const sizes = line.words.map(({ text, box }) => {
    const share = 0.48 + (tall.test(text) || !/[a-z]/.test(text) ? 0.24 : 0) + (deep.test(text) ? 0.2 : 0);
    // Signs without letters ("-", "...") say nothing about the size.
    const weight = text.replace(/[^\p{L}\p{N}]/gu, "").length;
    return [(box[3] - box[1]) / share, weight + 0.01] as const;
  });
  return Math.max(1, weightedMedian(sizes));
}

/** The stretch of a line's base line below one word. */
function baselineUnder(box: Box, baseline: Box | undefined): Box | undefined {
  if (baseline === undefined || baseline[2] <= baseline[0]) return undefined;
  const slope = (baseline[3] - baseline[1]) / (baseline[2] - baseline[0]);
  const at = (x: number): number => baseline[1] + slope * (x - baseline[0]);
  return [box[0], at(box[0]), box[2], at(box[2])];
}
