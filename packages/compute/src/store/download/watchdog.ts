import type { Clock } from "@stargate/kernel";

/** Notices that nothing has happened for a while. */
export interface Watchdog {
  /** Something happened. */
  feed(): void;
  stop(): void;
}

/** Calls `onSilence` once after `silenceMs` without `feed`. One timer at a time, however often it is fed. */
export function startWatchdog(clock: Clock, silenceMs: number, onSilence: () => void): Watchdog {
  let lastMs = clock.nowMs();
  let cancel = clock.timer(silenceMs, check);

  function check(): void {
    const quietMs = clock.nowMs() - lastMs;
    if (quietMs >= silenceMs) onSilence();
    else cancel = clock.timer(silenceMs - quietMs, check);
  }

  return {
    feed: () => void (lastMs = clock.nowMs()),
    stop: () => cancel(),
  };
}
