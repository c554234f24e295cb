import type { Clock } from "../contract/host.ts";

/** Time that moves only when a test says so. */
export interface FakeClock extends Clock {
  /** Moves time on, calling back timers in order of their time. Promises settle between two timers. */
  advance(ms: number): Promise<void>;
  /** Timers that have neither fired nor been cancelled. */
  readonly pendingTimers: number;
}

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Makes a clock that stands at `epochMs` (default 2026-01-01T00:00:00Z). */
export function createFakeClock(epochMs = Date.UTC(2026, 0, 1)): FakeClock {
  const timers = new Set<Timer>();
  let nowMs = 0;
  const next = (untilMs: number): Timer | undefined => {
    const due = [...timers].filter((timer) => timer.atMs <= untilMs);
    return due.toSorted((a, b) => a.atMs - b.atMs)[0];
  };
  return {
    nowMs: () => nowMs,
    epochMs: () => epochMs + nowMs,
    timer(ms, callback) {
      const timer = { atMs: nowMs + ms, callback };
      timers.add(timer);
      if (ms <= 0) setTimeout(() => timers.delete(timer) && callback(), 0); // due without time moving on
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let timer = next(untilMs); timer !== undefined; timer = next(untilMs)) {
        nowMs = timer.atMs;
        timers.delete(timer);
        timer.callback();
        await settle();
      }
      nowMs = untilMs;
      await settle();
    },
    get pendingTimers() {
      return timers.size;
    },
  };
}

/** Lets every promise that can settle without outside help do so: a macrotask runs after all microtasks. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
}
