import type { SpeakerTurn } from "@stargate/kernel";
import type { SpeechWindow } from "./speech-windows.ts";

/** Time that one window speaks for, and the cluster it fell into. */
export type LabelledSpan = Omit<SpeechWindow, "samples"> & { readonly label: number };

export interface TurnRules {
  readonly minTurnSeconds: number;
  readonly maxPauseSeconds: number;
}

/**
 * Turns of speakers, who are named by first appearance. A stretch that is too short to be a turn belongs to the longer of
 * its neighbours; one that stands alone is left out.
 */
export function makeTurns(spans: readonly LabelledSpan[], rules: TurnRules): readonly SpeakerTurn[] {
  const runs = segmentsOf(spans).flatMap((segment) => smooth(joinRuns(segment, 0), rules.minTurnSeconds));
  const turns = joinRuns(runs, rules.maxPauseSeconds).filter((run) => secondsOf(run) >= rules.minTurnSeconds);
  const names = new Map<number, string>();
  return turns
    .filter((turn) => secondsOf(turn) > 0)
    .map(({ startSeconds, endSeconds, label }) => {
      const speaker = names.get(label) ?? `Speaker ${names.size + 1}`;
      names.set(label, speaker);
      return { startSeconds, endSeconds, speaker };
    });
}

function secondsOf({ startSeconds, endSeconds }: LabelledSpan): number {
  return endSeconds - startSeconds;
}

function segmentsOf(spans: readonly LabelledSpan[]): readonly (readonly LabelledSpan[])[] {
  const segments: LabelledSpan[][] = [];
  for (const span of spans) {
    const open = segments.at(-1);
    if (open?.[0]?.segmentSeconds === span.segmentSeconds) open.push(span);
    else segments.push([span]);
  }
  return segments;
}

/** Neighbours with one label are one, when the pause between them is not too long. */
function joinRuns(spans: readonly LabelledSpan[], maxPauseSeconds: number): LabelledSpan[] {
  const runs: LabelledSpan[] = [];
  for (const span of spans) {
    const before = runs.at(-1);
    if (before?.label === span.label && span.startSeconds - before.endSeconds <= maxPauseSeconds)
      runs[runs.length - 1] = { ...before, endSeconds: span.endSeconds };
    else runs.push(span);
  }
  return runs;
}

/** Gives the shortest run that is too short to its longer neighbour, until none is. */
function smooth(runs: LabelledSpan[], minTurnSeconds: number): LabelledSpan[] {
  if (runs.length < 2) return runs;
  const lengths = runs.map(secondsOf);
  const shortest = Math.min(...lengths);
  if (shortest >= minTurnSeconds) return runs;
  const index = lengths.indexOf(shortest);
  const before = lengths[index - 1] ?? -1;
  const heir = runs[before >= (lengths[index + 1] ?? -1) ? index - 1 : index + 1];
  const relabelled = runs.map((run, at) => (at === index ? { ...run, label: heir?.label ?? run.label } : run));
  return smooth(joinRuns(relabelled, 0), minTurnSeconds);
}
