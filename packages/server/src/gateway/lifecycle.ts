/** Where a gateway is in its life. "announcing": still answering, but telling load balancers to look elsewhere. */
export type LifecycleState = "starting" | "ready" | "announcing" | "draining" | "closed";

/** A request, as far as its life is concerned. */
export interface InFlight {
  /** Gives the request up: its run is aborted with this reason. */
  abort(reason: unknown): void;
}

/** Knows the requests in flight and tells when the last one has gone. */
export interface Lifecycle {
  state: LifecycleState;
  readonly inFlight: number;
  enter(request: InFlight): void;
  leave(request: InFlight): void;
  /** The last resort at the end of the grace period. */
  abortAll(reason: unknown): void;
  /** Resolves when no request is in flight. */
  idle(): Promise<void>;
}

/** Makes the life of one gateway. */
export function createLifecycle(): Lifecycle {
  const requests = new Set<InFlight>();
  let waiting: (() => void)[] = [];
  return {
    state: "starting",
    get inFlight() {
      return requests.size;
    },
    enter(request) {
      requests.add(request);
    },
    leave(request) {
      requests.delete(request);
      if (requests.size > 0) return;
      const resolvers = waiting;
      waiting = [];
      for (const resolve of resolvers) resolve();
    },
    abortAll(reason) {
      for (const request of requests) request.abort(reason);
    },
    idle: () => (requests.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
