/** Numbers of one request that go into the scores of all its arms. */
export interface Terms {
  readonly remainingMs: number;
  /** Sum one. */
  readonly weights: Weights;
  readonly scales: { readonly usd: number; readonly joules: number; readonly latencyMs: number };
  /** What an answer in time is worth, in units of the weights. */
  readonly deadlineValue: number;
  /** Refused when no arm is in time with at least this probability. */
  readonly admission: number;
  /** Refused when it would cost those behind it in the queue more than it is worth. */
  readonly yields: boolean;
  /** Probability of looking for an arm to learn about. */
  readonly exploration: number;
  /** Scores this close count as equal and share the calls. */
  readonly temperature: number;
}

export interface Weights {
  readonly latency: number;
  readonly cost: number;
  readonly energy: number;
  readonly quality: number;
}
