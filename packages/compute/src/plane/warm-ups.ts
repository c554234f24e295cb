import type { Clock, Log } from "@stargate/kernel";
import type { Arm } from "../route/types/arm.ts";

export interface WarmUpsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Loads an arm's model in its pool. */
  readonly load: (arm: Arm, signal: AbortSignal) => Promise<unknown>;
}

/** Loads models in the background where the router would like to have them, so that no call waits for it. */
export interface WarmUps {
  consider(arm: Arm): void;
  /** Gives up what is being loaded. */
  close(): Promise<void>;
}

/** A model that was loaded, or could not be, is left alone for so long: two that need the same memory must not take turns. */
const PAUSE_MS = 30_000;

export function createWarmUps({ clock, log, load }: WarmUpsOptions): WarmUps {
  const loading = new Map<string, Promise<void>>();
  const endedAtMs = new Map<string, number>();
  const closing = new AbortController();
  return {
    consider(arm) {
      const pausedUntilMs = (endedAtMs.get(arm.id) ?? Number.NEGATIVE_INFINITY) + PAUSE_MS;
      if (closing.signal.aborted || loading.has(arm.id) || clock.nowMs() < pausedUntilMs) return;
      const done = load(arm, closing.signal).then(
        () => undefined,
        (error: unknown) => {
          log.debug("A model could not be loaded beforehand", { arm: arm.id, error: String(error) });
        },
      );
      loading.set(
        arm.id,
        done.then(() => {
          loading.delete(arm.id);
          endedAtMs.set(arm.id, clock.nowMs());
        }),
      );
    },
    async close() {
      closing.abort();
      await Promise.all(loading.values());
    },
  };
}
