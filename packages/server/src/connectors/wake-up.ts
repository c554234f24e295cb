import type { Clock } from "@stargate/kernel";

/** A bell: whoever waits goes on when it rings, when the time is over, or when the signal aborts. */
export interface WakeUp {
  ring(): void;
  /** A ring while nobody waits ends the next wait at once. */
  wait(options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly atMostMs?: number | undefined;
  }): Promise<void>;
}

export function createWakeUp(): WakeUp {
  let rung = false;
  let wake = (): void => undefined;
  return {
    ring() {
      rung = true;
      wake();
    },
    async wait({ clock, signal, atMostMs }) {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const cancelTimer = atMostMs === undefined ? undefined : clock.timer(atMostMs, () => wake());
          wake = () => {
            cancelTimer?.();
            signal.removeEventListener("abort", wake);
            wake = () => undefined;
            resolve();
          };
          signal.addEventListener("abort", wake, { once: true });
        });
      }
      rung = false;
    },
  };
}
