import type { Candidate } from "./candidate.ts";

/** Digits that are kept: a hundredth of a pixel, a ten-thousandth of a score. Engines differ below that. */
const BOX_STEPS = 100;
const SCORE_STEPS = 10_000;

/** Candidates cut to the picture and rounded; those of which nothing is left are dropped, as are boxes without a size. */
export function insidePicture(
  candidates: readonly Candidate[],
  { widthPixels, heightPixels }: { readonly widthPixels: number; readonly heightPixels: number },
): readonly Candidate[] {
  const within = (value: number, limit: number): number =>
    Math.round(Math.min(limit, Math.max(0, value)) * BOX_STEPS) / BOX_STEPS;
  return candidates
    .map(({ classId, score, box: [left, top, right, bottom] }) => ({
      classId,
      score: Math.round(score * SCORE_STEPS) / SCORE_STEPS,
      box: [
        within(left, widthPixels),
        within(top, heightPixels),
        within(right, widthPixels),
        within(bottom, heightPixels),
      ] as const,
    }))
    .filter(({ box: [left, top, right, bottom] }) => left < right && top < bottom);
}
