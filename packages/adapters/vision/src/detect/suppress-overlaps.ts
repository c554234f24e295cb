import type { Box, Candidate } from "./candidate.ts";

/** Area of what two boxes share over the area of both; 0 when they share nothing. */
export function overlapOf(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (areaOf(a) + areaOf(b) - shared);
}

/**
 * Greedy non-maximum suppression, class by class: of boxes of one class that overlap by more than `maxOverlap`, the most
 * certain stays. Most certain first; equals in the order they came in.
 */
export function suppressOverlaps(candidates: readonly Candidate[], maxOverlap: number): readonly Candidate[] {
  const keptByClass = new Map<number, Candidate[]>();
  return candidates
    .toSorted((a, b) => b.score - a.score)
    .filter((candidate) => {
      const kept = keptByClass.get(candidate.classId) ?? [];
      if (kept.some(({ box }) => overlapOf(box, candidate.box) > maxOverlap)) return false;
      keptByClass.set(candidate.classId, [...kept, candidate]);
      return true;
    });
}

function areaOf([left, top, right, bottom]: Box): number {
  return (right - left) * (bottom - top);
}
