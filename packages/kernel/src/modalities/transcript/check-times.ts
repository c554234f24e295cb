/** What sums of float64 seconds may be off by. */
export const TOLERANCE_SECONDS = 1e-6;

export interface Span {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

interface Disorder {
  readonly path: (string | number)[];
  readonly message: string;
}

/**
 * The first time that runs backwards or passes the end of the recording: starts never decrease, ends never decrease,
 * no segment ends before it starts, every word ends after it starts. Segments may overlap, as speakers do.
 */
export function firstDisorder(transcript: {
  readonly durationSeconds: number;
  readonly segments: readonly (Span & { readonly words?: readonly Span[] | undefined })[];
}): Disorder | undefined {
  let segment: Span | undefined;
  let word: Span | undefined;
  for (const [index, current] of transcript.segments.entries()) {
    const wrong =
      problem(segment, current, transcript.durationSeconds) ??
      (current.endSeconds < current.startSeconds ? "ends before it starts" : undefined);
    if (wrong !== undefined) return { path: ["segments", index], message: `${wrong} (${spanText(current)})` };
    segment = current;
    for (const [position, next] of (current.words ?? []).entries()) {
      const misplaced =
        problem(word, next, transcript.durationSeconds) ??
        (next.endSeconds <= next.startSeconds ? "does not end after it starts" : undefined);
      if (misplaced !== undefined)
        return { path: ["segments", index, "words", position], message: `${misplaced} (${spanText(next)})` };
      word = next;
    }
  }
  return undefined;
}

function problem(before: Span | undefined, current: Span, durationSeconds: number): string | undefined {
  if (current.startSeconds < (before?.startSeconds ?? 0) - TOLERANCE_SECONDS) return "starts before the one before it";
  if (current.endSeconds < (before?.endSeconds ?? 0) - TOLERANCE_SECONDS) return "ends before the one before it";
  return current.endSeconds > durationSeconds + TOLERANCE_SECONDS
    ? `passes the end of the recording at ${durationSeconds} s`
    : undefined;
}

export function spanText({ startSeconds, endSeconds }: Span): string {
  return `${startSeconds}-${endSeconds} s`;
}
