/** Where a gateway is in its life. "announcing": still answering, but telling load balancers to look elsewhere. */
export type LifecycleState = "starting" | "ready" | "announcing" | "draining" | "closed";

/** Counts requests in flight and tells when the last one has gone. */
export interface Lifecycle {
  state: LifecycleState;
  readonly inFlight: number;
  /** Aborts every run still going: the last resort at the end of the grace period. */
  readonly abort: AbortController;
  enter(): void;
  leave(): void;
  /** Resolves when no request is in flight. */
  idle(): Promise<void>;
}

/** Makes the life of one gateway. */
export function createLifecycle(): Lifecycle {
  let inFlight = 0;
  let waiting: (() => void)[] = [];
  return {
    state: "starting",
    abort: new AbortController(),
    get inFlight() {
      return inFlight;
    },
    enter() {
      inFlight += 1;
    },
    leave() {
      inFlight -= 1;
      if (inFlight > 0) return;
      const resolvers = waiting;
      waiting = [];
      for (const resolve of resolvers) resolve();
    },
    idle: () => (inFlight === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
