import { cancellationOf, fromWireError, type StargateError } from "@stargate/kernel";
import type { FromHost, ToHost } from "../wire/host-messages.ts";
import type { HostLink } from "./host-link.ts";

export type CallAnswer = Exclude<FromHost, { readonly type: "ready" | "refused" | "failed" }>;

/** Calls to a host, and who waits for their answers. */
export interface HostCalls {
  /**
   * Makes a call and waits for its answer. Aborting rejects at once; the host hears of it and its answer is dropped.
   * Rejects with what the host says, why the host is gone, and what `send` throws.
   */
  call(make: (id: number) => ToHost, options: CallOptions): Promise<CallAnswer>;
  /** Takes an answer. false: nobody waits for it any more. */
  answered(message: CallAnswer | Extract<FromHost, { readonly type: "failed" }>): boolean;
  /** Rejects who waits, and every call from now on. */
  readonly end: (why: StargateError) => void;
  /** Why no more calls are taken. */
  readonly ended: StargateError | undefined;
  /** Takes no more calls, and resolves when nobody waits any more. */
  readonly drain: (why: StargateError) => Promise<void>;
}

export interface CallOptions {
  /** For messages: `Model "clip"`. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
}

interface Waiter {
  resolve(answer: CallAnswer): void;
  reject(error: Error): void;
}

export function createHostCalls(link: HostLink): HostCalls {
  const waiting = new Map<number, Waiter & CallOptions>();
  /** Of calls whose callers have given up, too: the host computes on. */
  const unanswered = new Set<number>();
  const idle = new Set<() => void>();
  let ended: StargateError | undefined;
  let lastId = 0;

  function begin(make: (id: number) => ToHost): number {
    const id = ++lastId;
    link.send(make(id));
    if (unanswered.size === 0) link.busy(true);
    unanswered.add(id);
    return id;
  }

  function take(id: number): (Waiter & CallOptions) | undefined {
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) for (const wake of idle) wake();
    return waiter;
  }

  return {
    call: (make, options) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        const id = begin(make);
        const { signal, what } = options;
        const onAbort = (): void => {
          if (signal === undefined || take(id) === undefined) return;
          link.send({ type: "abort", id });
          reject(cancellationOf(signal, what));
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        const settled = (): void => signal?.removeEventListener("abort", onAbort);
        waiting.set(id, {
          ...options,
          resolve: (answer) => (settled(), resolve(answer)),
          reject: (error) => (settled(), reject(error)),
        });
      }),
    answered(message) {
      if (unanswered.delete(message.id) && unanswered.size === 0) link.busy(false);
      const waiter = take(message.id);
      if (message.type === "failed") waiter?.reject(fromWireError(message.error, waiter.what));
      else waiter?.resolve(message);
      return waiter !== undefined;
    },
    end(why) {
      ended = why;
      for (const id of waiting.keys()) take(id)?.reject(why);
    },
    get ended() {
      return ended;
    },
    drain(why) {
      ended ??= why;
      return waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => idle.add(resolve));
    },
  };
}
