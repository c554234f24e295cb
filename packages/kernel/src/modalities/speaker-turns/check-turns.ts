import { type Span, spanText, TOLERANCE_SECONDS } from "../transcript/check-times.ts";

/**
 * The first turn that cannot be: starts never decrease, every turn ends after it starts and before the recording does,
 * and nobody speaks twice at a time.
 */
export function firstDisorderOfTurns({
  durationSeconds,
  turns,
}: {
  readonly durationSeconds: number;
  readonly turns: readonly (Span & { readonly speaker: string })[];
}): { readonly path: (string | number)[]; readonly message: string } | undefined {
  const ends = new Map<string, number>();
  let before = 0;
  for (const [index, turn] of turns.entries()) {
    const { startSeconds, endSeconds, speaker } = turn;
    const isOrdered =
      startSeconds >= Math.max(before, ends.get(speaker) ?? 0) - TOLERANCE_SECONDS &&
      endSeconds > startSeconds &&
      endSeconds <= durationSeconds + TOLERANCE_SECONDS;
    if (!isOrdered)
      return {
        path: ["turns", index],
        message: `takes no time, passes the end or starts too early (${spanText(turn)})`,
      };
    ends.set(speaker, endSeconds);
    before = startSeconds;
  }
  return undefined;
}
