/** What sums of float64 seconds may be off by. */
const TOLERANCE_SECONDS = 1e-6;

interface Turn {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly speaker: string;
}

/**
 * The first turn that cannot be: starts never decrease, every turn ends after it starts and before the recording does,
 * and nobody speaks twice at a time.
 */
export function firstDisorderOfTurns({
  durationSeconds,
  turns,
}: {
  readonly durationSeconds: number;
  readonly turns: readonly Turn[];
}): { readonly path: (string | number)[]; readonly message: string } | undefined {
  const lastOf = new Map<string, Turn>();
  let before = 0;
  for (const [index, turn] of turns.entries()) {
    const own = lastOf.get(turn.speaker);
    const wrong = problem(turn, { before, ownEnd: own?.endSeconds ?? 0, durationSeconds });
    if (wrong !== undefined)
      return { path: ["turns", index], message: `${wrong} (${turn.startSeconds}-${turn.endSeconds} s)` };
    lastOf.set(turn.speaker, turn);
    before = turn.startSeconds;
  }
  return undefined;
}

function problem(
  { startSeconds, endSeconds, speaker }: Turn,
  { before, ownEnd, durationSeconds }: { before: number; ownEnd: number; durationSeconds: number },
): string | undefined {
  if (startSeconds < before - TOLERANCE_SECONDS) return "starts before the one before it";
  if (endSeconds <= startSeconds) return "does not end after it starts";
  if (endSeconds > durationSeconds + TOLERANCE_SECONDS)
    return `passes the end of the recording at ${durationSeconds} s`;
  return startSeconds < ownEnd - TOLERANCE_SECONDS ? `overlaps another turn of "${speaker}"` : undefined;
}
