import type { PageTextBlock } from "@stargate/kernel";
import { toBlocks } from "./blocks.ts";
import { splitColumns } from "./columns.ts";
import { weightedMedian } from "./geometry.ts";
import { lengthOf, type Segment } from "./segment.ts";

/** Blocks of a page in reading order, from the segments of its lines in any order. */
export function layoutPage(segments: readonly Segment[]): readonly PageTextBlock[] {
  const bodySizePixels = weightedMedian(
    segments.map((segment) => [segment.fontSizePixels, lengthOf(segment)] as const),
  );
  return splitColumns(segments).flatMap((column) => toBlocks(column, bodySizePixels));
}
