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
  readonly threshold: number;
  readonly confirmations: number;
}

/** Confidence of a change on the day of its confirmation. */
const CONFIRMED = 0.9;

/** Counts agreeing observations in a row; after the confirmation every contrary observation takes one back. */
export function createEvidence({ threshold, confirmations }: EvidenceOptions): Evidence {
  let count = 0;
  let first = -1;
  let confirmed = -1;
  return {
    reset() {
      count = 0;
      first = -1;
      confirmed = -1;
    },
    add(distance, date) {
      if (distance > threshold) {
        if (count === 0 && confirmed < 0) first = date;
        count = Math.min(count + 1, 2 * confirmations);
        if (confirmed < 0 && count >= confirmations) confirmed = date;
      } else if (confirmed >= 0) count = Math.max(0, count - 1);
      else {
        count = 0;
        first = -1;
      }
    },
    firstDate: () => first,
    confirmedDate: () => confirmed,
    confidence: () => 1 - (1 - CONFIRMED) ** (count / confirmations),
  };
}
