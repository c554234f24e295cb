/** How waits differ from what the queue reports let expect. */
export interface WaitKnown {
  /** Milliseconds of extra wait per millisecond of age of the report: what others send there meanwhile. */
  readonly perAge: number;
  /** Squared error of the prediction per millisecond of age. */
  readonly errorRate: number;
  /** Mean wait of late, whatever reports said. */
  readonly mean: number;
  readonly meanSquare: number;
}

export interface WaitPrediction {
  readonly meanMs: number;
  readonly variance: number;
}

export const noWaits: WaitKnown = { perAge: 0, errorRate: 0.5, mean: 0, meanSquare: 100 };

/** A report is never younger than this, as far as its error goes. */
const SHORTEST_AGE_MS = 50;
/** Reports older than this many times say little about the queue, and the mean wait of late takes over. */
const REPORT_FADES_MS = 2000;
const GAIN = 0.05;

/** `expectedMs` and `ageMs`: of the fluid queue (`place/pool-queue.ts`); undefined without any report. */
export function predictWait(
  known: WaitKnown,
  queue: { readonly expectedMs: number; readonly ageMs: number } | undefined,
): WaitPrediction {
  const spread = Math.max(0, known.meanSquare - known.mean * known.mean);
  if (queue === undefined) return { meanMs: known.mean, variance: spread };
  const trust = Math.exp(-queue.ageMs / REPORT_FADES_MS);
  const seen = Math.max(0, queue.expectedMs + known.perAge * queue.ageMs);
  return {
    meanMs: trust * seen + (1 - trust) * known.mean,
    variance: trust * known.errorRate * (queue.ageMs + SHORTEST_AGE_MS) + (1 - trust) * spread,
  };
}

/** Learns from a wait. `atLeast`: it was given up after `waitedMs`. */
export function learnWait(
  known: WaitKnown,
  wait: {
    readonly waitedMs: number;
    readonly atLeast: boolean;
    readonly queue: { readonly expectedMs: number; readonly ageMs: number } | undefined;
  },
): WaitKnown {
  const mean = known.mean + GAIN * (wait.waitedMs - known.mean);
  const meanSquare = known.meanSquare + GAIN * (wait.waitedMs * wait.waitedMs - known.meanSquare);
  const { queue } = wait;
  if (queue === undefined) return { ...known, mean, meanSquare };
  const error = wait.waitedMs - Math.max(0, queue.expectedMs + known.perAge * queue.ageMs);
  if (wait.atLeast && error < 0) return known;
  const age = queue.ageMs + SHORTEST_AGE_MS;
  const perAge = known.perAge + (GAIN * error * queue.ageMs) / (age * age);
  return {
    perAge: Math.min(1, Math.max(-0.5, perAge)),
    errorRate: known.errorRate + GAIN * ((error * error) / age - known.errorRate),
    mean,
    meanSquare,
  };
}
