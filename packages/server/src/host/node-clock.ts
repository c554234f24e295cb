import type { Clock } from "@stargate/kernel";

/**
 * The machine's clock. With `keepAlive: false` a pending timer does not keep the process running:
 * for housekeeping that nobody waits for.
 */
export function createNodeClock({ keepAlive = true }: { readonly keepAlive?: boolean } = {}): Clock {
  return {
    nowMs: () => performance.now(),
    epochMs: () => Date.now(),
    timer(ms, callback) {
      // setTimeout cannot count further than 24.8 days; such a deadline is no deadline.
      if (ms > 2 ** 31 - 1) return () => undefined;
      const timeout = setTimeout(callback, Math.max(0, ms));
      if (!keepAlive) timeout.unref();
      return () => clearTimeout(timeout);
    },
  };
}
