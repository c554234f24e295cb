/** What speaks for a change of one pixel, observation by observation. One object serves all pixels of a block. */
export interface Evidence {
  reset(): void;
  /** An observation: how far it is from what was expected, in standard deviations, positive towards the change. */
  add(distance: number, date: number): void;
  /** Place of the first observation of the change; negative without one. */
  firstDate(): number;
  /** Place of the observation that confirmed it; negative while unconfirmed. */
  confirmedDate(): number;
  /** 0-1; grows with every observation that agrees and falls with every one that does not. */
  confidence(): number;
}

/** When a change counts as confirmed. */
export interface EvidenceOptions {
  readonly evidence: "cumulative" | "consecutive";
  readonly threshold: number;
  readonly confirmations: number;
}

/** Confidence of a change whose evidence has just reached what confirms it. */
const CONFIRMED = 0.9;

/**
 * The most standard deviations beyond the threshold that one observation counts for, either way. A cloud nobody masked
 * is far off and alone: with this limit it takes as many observations to confirm a change as the options ask for.
 */
const MOST_PER_OBSERVATION = 2;

/** By how much the observations together may stay behind that limit and still confirm. */
const SLACK_OBSERVATIONS = 0.25;

/**
 * Adds up what speaks for a change.
 *
 * `cumulative`: each observation adds its distance beyond the threshold, or takes it away, within a limit, and the sum
 * never falls below zero: a one-sided CUSUM (Page 1954) with Huber-like steps. One contrary observation slows a clear
 * change, it does not undo it. `consecutive`: agreeing observations in a row, any other starts the count anew.
 */
export function createEvidence({ evidence, threshold, confirmations }: EvidenceOptions): Evidence {
  const isCumulative = evidence === "cumulative";
  const enough = isCumulative ? (confirmations - SLACK_OBSERVATIONS) * MOST_PER_OBSERVATION : confirmations;
  let sum = 0;
  let first = -1;
  let confirmed = -1;

  function step(distance: number): number {
    if (isCumulative) return Math.max(-MOST_PER_OBSERVATION, Math.min(MOST_PER_OBSERVATION, distance - threshold));
    if (distance > threshold) return 1;
    return confirmed < 0 ? -sum : -1;
  }

  return {
    reset() {
      sum = 0;
      first = -1;
      confirmed = -1;
    },
    add(distance, date) {
      const before = sum;
      sum = Math.max(0, Math.min(2 * enough, sum + step(distance)));
      if (confirmed >= 0) return;
      if (sum === 0) first = -1;
      else if (before === 0) first = date;
      if (sum >= enough) confirmed = date;
    },
    firstDate: () => first,
    confirmedDate: () => confirmed,
    confidence: () => 1 - (1 - CONFIRMED) ** (sum / enough),
  };
}

/** Of two directions the one that was confirmed, earlier when both were; else the one with more behind it. */
export function strongerEvidence(loss: Evidence | undefined, gain: Evidence | undefined): Evidence | undefined {
  if (loss === undefined || gain === undefined) return loss ?? gain;
  const rank = (evidence: Evidence): number =>
    evidence.confirmedDate() >= 0 ? 1e9 - evidence.confirmedDate() : evidence.confidence();
  return rank(gain) > rank(loss) ? gain : loss;
}
