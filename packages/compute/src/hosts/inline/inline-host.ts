import { cancellationOf, type ComputeBackend, type StargateError, throwIfCancelled } from "@stargate/kernel";
import { hostLost } from "../host-errors.ts";
import type { HostOptions } from "../host-options.ts";
import { deviceKindOf } from "../inside/open-backend.ts";
import { openModelSource } from "../inside/model-source.ts";
import type { HostedModel, ModelHost } from "../model-host.ts";

/**
 * A host on this thread, for a backend whose runs only wait: models on somebody else's server. It cannot be lost, and
 * holds no memory of its own. The backend is shared by all hosts and stays open when a host is closed.
 */
export function createInlineHost(
  id: string,
  backend: ComputeBackend,
  { fetch, secret }: Pick<HostOptions, "fetch" | "secret">,
): ModelHost {
  const models = new Set<HostedModel>();
  const running = new Set<Promise<unknown>>();
  const lost = Promise.withResolvers<StargateError>();
  const closed = Promise.withResolvers<never>();
  closed.promise.catch(() => undefined);
  let why: StargateError | undefined;

  /** What comes first: the result, the caller's end, or the host's. */
  function settle<Result>(work: Promise<Result>, signal: AbortSignal, what: string): Promise<Result> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(cancellationOf(signal, what));
      signal.addEventListener("abort", onAbort, { once: true });
      void Promise.race([work, closed.promise])
        .then(resolve, reject)
        .finally(() => signal.removeEventListener("abort", onAbort));
    });
  }

  return {
    id,
    processId: undefined,
    keepsInputs: true,
    lost: lost.promise,
    retirement: new Promise(() => undefined),
    memoryBytes: 0,
    async load(source, { device, signal }) {
      const what = `Model "${source.model}"`;
      if (why !== undefined) throw why;
      throwIfCancelled(signal, what);
      const options = { signal, fetch, secret };
      const load = backend.load(await openModelSource(source), { ...options, device });
      const loaded = await settle(load, signal, what);
      const model: HostedModel = {
        signature: loaded.signature,
        device: loaded.device,
        deviceKind: await deviceKindOf(backend, loaded.device, options),
        async run(inputs, { signal: runSignal }) {
          if (why !== undefined) throw why;
          throwIfCancelled(runSignal, what);
          const startMs = performance.now();
          const run = loaded.run(inputs, { signal: runSignal });
          const seen = run.catch(() => undefined).finally(() => running.delete(seen));
          running.add(seen);
          return { outputs: await settle(run, runSignal, what), runMs: performance.now() - startMs };
        },
        unload: () => loaded.unload().finally(() => models.delete(model)),
      };
      models.add(model);
      return model;
    },
    async close({ force = false } = {}) {
      why ??= hostLost(id, { reason: "closed", what: "was closed" });
      if (force) closed.reject(why);
      else await Promise.all(running);
      await Promise.allSettled([...models].map((model) => model.unload()));
      lost.resolve(why);
    },
  };
}
