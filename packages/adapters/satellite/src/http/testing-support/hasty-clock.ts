import type { Clock } from "@stargate/kernel";

/** A clock on which pauses pass at once, and are written down; limits of a minute and more are never reached. */
export function createHastyClock(): Clock & { readonly pausesMs: readonly number[] } {
  const pausesMs: number[] = [];
  return {
    pausesMs,
    nowMs: () => 0,
    epochMs: () => 0,
    timer(ms, callback) {
      if (ms >= 60_000) return () => undefined;
      pausesMs.push(ms);
      const waiting = setImmediate(() => callback());
      return () => clearImmediate(waiting);
    },
  };
}
