import type { Clock } from "@stargate/kernel";

/** How often life is looked for. */
const CHECK_MS = 250;
/** Looks in vain until a host is given up: after 1.25 to 1.5 s. */
const MAX_MISSED = 5;

export interface BeatWatch {
  /** A sign of life. The watch begins with the first. */
  beat(): void;
  stop(): void;
}

/**
 * Calls `onHung` once when signs of life stop coming. A look that comes late does not count: then it was this program
 * that stood still, and the signs lie unread.
 */
export function watchBeats(clock: Clock, onHung: () => void): BeatWatch {
  let beaten = false;
  let missed = 0;
  let cancel: (() => void) | undefined;

  function look(dueMs: number): void {
    const isLate = clock.nowMs() - dueMs > CHECK_MS;
    if (beaten) missed = 0;
    else if (!isLate) missed += 1;
    beaten = false;
    if (missed < MAX_MISSED) next();
    else onHung();
  }

  function next(): void {
    const dueMs = clock.nowMs() + CHECK_MS;
    cancel = clock.timer(CHECK_MS, () => look(dueMs));
  }

  return {
    beat() {
      beaten = true;
      if (cancel === undefined) next();
    },
    stop() {
      cancel?.();
      cancel = (): void => undefined; // a beat that was still under way begins nothing
    },
  };
}
