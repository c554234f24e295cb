import { fail } from "../errors/catalog.ts";

export interface Lifecycle {
  /** Registers what has to be closed. Later ones are closed first. */
  defer(close: () => Promise<void>): void;
  /** Closes everything in reverse order, each after the one before has ended. A second call waits for the first. */
  close(): Promise<void>;
}

/**
 * Closes resources in reverse order of opening. A failing one does not keep the others open: all are closed, then
 * the failures are thrown together as SG_CLOSE_FAILED. What is deferred after `close` began is refused with the same code.
 */
export function createLifecycle(): Lifecycle {
  const closers: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  return {
    defer(close) {
      if (closing !== undefined) throw fail("SG_CLOSE_FAILED", "Cannot open anything: closing has begun");
      closers.push(close);
    },
    close: () => (closing ??= closeAll(closers)),
  };
}

async function closeAll(closers: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
    try {
      await close();
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (failures.length === 0) return;
  const cause = failures.length === 1 ? failures[0] : new AggregateError(failures);
  throw fail("SG_CLOSE_FAILED", `${failures.length} of the open resources could not be closed`, { cause });
}
