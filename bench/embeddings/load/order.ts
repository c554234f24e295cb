/** Requests for embeddings to send, no two of them alike. */
export interface EmbeddingOrder {
  readonly port: number;
  readonly authorization: string;
  /** Bodies with marks, sent in turn; see `bodies.ts`. */
  readonly bodies: readonly string[];
  /** Number of the first request: what the marks are filled with. */
  readonly firstNumber: number;
  readonly seconds: number;
  /** How many at once, each sent when the one before is answered; or how many per second, whatever becomes of them. */
  readonly load: { readonly clients: number } | { readonly perSecond: number };
}

export interface EmbeddingReport {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** From the moment a request was due, so that nothing is hidden by a client that waits. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Answers by status code. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The last answer's body. */
  readonly example: string;
}
