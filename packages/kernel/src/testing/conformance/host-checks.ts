import { isStargateError } from "../../errors/stargate-error.ts";
import { createTestContext } from "../test-context.ts";
import { transformOf, type AdapterSubject } from "./adapter-subject.ts";
import { describeError, must, type Check } from "./check.ts";
import { invoke, runCase } from "./run-case.ts";

/** A transform that has not settled by then ignores its signal. A bound against hanging, not a measure of speed. */
const watchdogMs = 5000;

/** How a transform treats the machine it runs on: cancellation, network, leaks. */
export const hostChecks: readonly Check<AdapterSubject>[] = [
  {
    id: "cancelled-before",
    title: "does nothing when it is already cancelled",
    run: async (subject) => {
      for (const one of subject.cases) {
        const transform = transformOf(subject.create(), one.transform);
        const { context } = createTestContext(transform, {
          host: subject.host,
          options: one.options,
          signal: AbortSignal.abort(),
        });
        const ended = await settle(invoke(transform, await one.input(), context));
        // A pure, immediate function may finish; one that takes long must not even begin.
        must(
          ended.kind !== "hanging",
          `${one.name}: ${one.transform} goes on for more than ${watchdogMs} ms although its signal was aborted before`,
        );
        if (ended.kind === "failed")
          must(
            isStargateError(ended.error) || isAbort(ended.error),
            `${one.name}: ${one.transform} answers cancellation with ${describeError(ended.error)}`,
          );
      }
    },
  },
  {
    id: "cancelled-during",
    title: "stops soon after it is cancelled",
    run: async (subject) => {
      for (const one of subject.cases) {
        const transform = transformOf(subject.create(), one.transform);
        const abort = new AbortController();
        const { context } = createTestContext(transform, {
          host: subject.host,
          options: one.options,
          signal: abort.signal,
          onProgress: () => abort.abort(),
        });
        const running = invoke(transform, await one.input(), context);
        queueMicrotask(() => abort.abort());
        must(
          (await settle(running)).kind !== "hanging",
          `${one.name}: ${one.transform} goes on for more than ${watchdogMs} ms after its signal was aborted`,
        );
      }
    },
  },
  {
    id: "air-gapped",
    title: "reaches a network only through ctx.fetch, and only when it says so",
    run: async (subject) => {
      for (const one of subject.cases) {
        const reached: string[] = [];
        const globalFetch = globalThis.fetch;
        globalThis.fetch = (input) => {
          reached.push(`global fetch of ${input instanceof Request ? input.url : input.toString()}`);
          return Promise.reject(new DOMException("refused by the conformance suite", "NetworkError"));
        };
        try {
          const { network } = transformOf(subject.create(), one.transform);
          await settle(
            runCase(subject, one, {
              onFetch: (address) => !network && reached.push(`ctx.fetch of ${address} without network: true`),
            }),
          );
        } finally {
          globalThis.fetch = globalFetch;
        }
        must(reached.length === 0, `${one.name}: ${one.transform} used ${reached.join(", ")}`);
      }
    },
  },
  {
    id: "no-leak",
    title: "keeps nothing from run to run: timers, listeners, memory",
    run: async (subject) => {
      const runs = subject.soakRuns ?? 20;
      const adapter = subject.create();
      for (const one of subject.cases) {
        const transform = transformOf(adapter, one.transform);
        const signal = countingSignal();
        const timers = countTimers();
        try {
          for (let run = 0; run < runs; run++) {
            await settle(
              invoke(
                transform,
                await one.input(),
                createTestContext(transform, { host: subject.host, options: one.options, signal: signal.signal })
                  .context,
              ),
            );
          }
        } finally {
          timers.restore();
        }
        must(
          signal.listeners() <= 1,
          `${one.name}: ${one.transform} left ${signal.listeners()} abort listeners after ${runs} runs`,
        );
        must(
          timers.open() <= 1,
          `${one.name}: ${one.transform} left ${timers.open()} timers running after ${runs} runs`,
        );
      }
      await adapter.close?.();
    },
  },
  {
    id: "closes-twice",
    title: "can be closed twice",
    run: async (subject) => {
      const adapter = subject.create();
      await adapter.close?.();
      await adapter.close?.();
    },
  },
];

type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "hanging" };

async function settle(running: Promise<unknown>): Promise<Ending> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watchdog = new Promise<Ending>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "hanging" }), watchdogMs);
  });
  const ending = running.then(
    (): Ending => ({ kind: "done" }),
    (error: unknown): Ending => ({ kind: "failed", error }),
  );
  try {
    return await Promise.race([ending, watchdog]);
  } finally {
    clearTimeout(timer);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** A signal that counts the abort listeners still attached to it. */
function countingSignal(): { signal: AbortSignal; listeners(): number } {
  const { signal } = new AbortController();
  const attached = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: never, options?: never) => {
    attached.add(listener);
    add(type as never, listener, options);
  };
  signal.removeEventListener = (type: string, listener: never, options?: never) => {
    attached.delete(listener);
    remove(type as never, listener, options);
  };
  return { signal, listeners: () => attached.size };
}

/** Counts timers and intervals that were started and neither fired nor cleared. */
function countTimers(): { open(): number; restore(): void } {
  const { setTimeout: timeout, setInterval: interval, clearTimeout: clearT, clearInterval: clearI } = globalThis;
  const open = new Set<unknown>();
  const patched: Pick<typeof globalThis, "setTimeout" | "setInterval" | "clearTimeout" | "clearInterval"> = {
    setTimeout: ((callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const timer = timeout(() => {
        open.delete(timer);
        callback(...args);
      }, ms);
      open.add(timer);
      return timer;
    }) as never,
    setInterval: ((callback: () => void, ms?: number) => {
      const timer = interval(callback, ms);
      open.add(timer);
      return timer;
    }) as never,
    clearTimeout: ((timer: never) => {
      open.delete(timer);
      clearT(timer);
    }) as never,
    clearInterval: ((timer: never) => {
      open.delete(timer);
      clearI(timer);
    }) as never,
  };
  Object.assign(globalThis, patched);
  return {
    open: () => open.size,
    restore: () =>
      void Object.assign(globalThis, {
        setTimeout: timeout,
        setInterval: interval,
        clearTimeout: clearT,
        clearInterval: clearI,
      }),
  };
}
