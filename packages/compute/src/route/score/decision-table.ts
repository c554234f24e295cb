import type { RefusalReason } from "../types/decision.ts";

/** Places of the numbers in an arm's row. A literal: the compiler then knows every place. */
export const column = {
  // What is known of an arm for one request: the features of the record.
  waitMs: 0,
  waitVariance: 1,
  serviceLogMean: 2,
  serviceLogVariance: 3,
  serviceLogIgnorance: 4,
  coldMs: 5,
  hopefulColdMs: 6,
  failureProbability: 7,
  failureDeviation: 8,
  usd: 9,
  hourly: 10,
  joules: 11,
  carbonFactor: 12,
  quality: 13,
  qualityDeviation: 14,
  slotPrice: 15,
  // What is computed from it.
  score: 16,
  worth: 17,
  onTime: 18,
  hopeful: 19,
  hopefulInTime: 20,
  usual: 21,
  curious: 22,
  propensity: 23,
} as const;

const FEATURES = 16;
const COLUMNS = 24;

/** Names of the features. */
export const features = Object.keys(column).slice(0, FEATURES) as readonly (keyof typeof column)[]; // its own keys

/**
 * To copy new tables from. -0 and not 0 makes it an array of doubles from the start: copying one takes V8 a fraction of
 * the time of a new typed array of this size, which lives outside its heap.
 */
const zeros: number[] = [];

/**
 * Numbers of all arms of one decision. One array instead of an object per arm: a table is made, filled and kept for
 * every call, and objects would cost more than the scores.
 */
export class DecisionTable {
  readonly arms: number;
  /** Hard constraint that rules an arm out; its numbers but quality and usd then mean nothing. */
  readonly refusals: (RefusalReason | undefined)[] = [];
  readonly #values: number[];

  constructor(arms: number) {
    this.arms = arms;
    while (zeros.length < arms * COLUMNS) zeros.push(-0);
    this.#values = zeros.slice(0, arms * COLUMNS);
  }

  get(arm: number, at: number): number {
    return this.#values[arm * COLUMNS + at] as number; // inside, by the callers' loops
  }

  set(arm: number, at: number, value: number): void {
    this.#values[arm * COLUMNS + at] = value;
  }

  copy(): DecisionTable {
    const copy = new DecisionTable(this.arms);
    copy.refusals.push(...this.refusals);
    for (const [index, value] of this.#values.entries()) copy.#values[index] = value;
    return copy;
  }

  isAllowed(arm: number): boolean {
    return this.refusals[arm] === undefined;
  }
}
