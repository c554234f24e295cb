import type { Clock } from "@stargate/kernel";

/** Hosts that a model may end while it is loaded, before it is left alone. */
export const MOST_LOAD_CRASHES = 3;
/** How long an end counts. */
const REMEMBER_MS = 300_000;
/** How long a model is left alone at first; doubles with every further host. */
const FIRST_PAUSE_MS = 1000;
/** Longest pause where nothing else works either: then it may be the device, which works again one day. */
const SHORT_PAUSE_MS = 4000;
/** Longest pause where other models work, which every trial takes down with the host. */
const LONG_PAUSE_MS = 60_000;

/** Counts hosts that ended while they loaded a model. */
export class LoadCrashes {
  readonly #clock: Clock;
  readonly #counts = new Map<string, { count: number; lastMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(model: string): void {
    this.#counts.set(model, { count: (this.#recent(model)?.count ?? 0) + 1, lastMs: this.#clock.nowMs() });
  }

  /** Milliseconds for which a model is left alone; 0: it may be tried. `othersWork`: the pool runs other models. */
  pauseMs(model: string, othersWork: boolean): number {
    const known = this.#recent(model);
    if (known === undefined || known.count < MOST_LOAD_CRASHES) return 0;
    const longestMs = othersWork ? LONG_PAUSE_MS : SHORT_PAUSE_MS;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (known.count - MOST_LOAD_CRASHES), longestMs);
    return Math.max(0, known.lastMs + pauseMs - this.#clock.nowMs());
  }

  /** It was loaded. */
  clear(model: string): void {
    this.#counts.delete(model);
  }

  #recent(model: string): { readonly count: number; readonly lastMs: number } | undefined {
    const known = this.#counts.get(model);
    if (known === undefined || this.#clock.nowMs() - known.lastMs < REMEMBER_MS) return known;
    this.#counts.delete(model);
    return undefined;
  }
}
