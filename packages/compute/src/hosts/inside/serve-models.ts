import type { ComputeBackend, LoadedModel } from "@stargate/kernel";
import { toWireError } from "@stargate/kernel/backend";
import { fail } from "../host-errors.ts";
import type { FromHost, ToHost } from "../wire/host-messages.ts";
import { openModelSource } from "./model-source.ts";
import { deviceKindOf, openBackend } from "./open-backend.ts";

/** What surrounds the models: a thread or a process. */
export interface HostSurroundings {
  /** Throws when the message's tensors cannot cross. */
  readonly send: (message: FromHost) => void;
  readonly memoryBytes: () => number;
  /** Called before the backend is loaded: threads that it starts inherit it. */
  readonly lowerPriority: () => void;
  /** Called when nothing is under way any more. */
  readonly leave: () => void;
  /** Resolves when signs of life are given, which the gateway expects from the moment the host is ready. */
  readonly alive: Promise<unknown>;
}

/** What is answered, under the same id. */
type Call = "load" | "run" | "unload" | "probe" | "count";

type Message<Type extends ToHost["type"]> = Extract<ToHost, { readonly type: Type }>;

/** The inside of a model host: does what messages say, and answers each call once. */
export function serveModels(surroundings: HostSurroundings): (message: ToHost) => void {
  const { send, memoryBytes } = surroundings;
  const opened = Promise.withResolvers<ComputeBackend>();
  opened.promise.catch(() => undefined); // the gateway is told where it is opened
  const models = new Map<number, LoadedModel>();
  const calls = new Map<number, AbortController>();

  async function open({ factory, lowPriority }: Message<"open">): Promise<void> {
    if (lowPriority) surroundings.lowerPriority();
    try {
      opened.resolve(await openBackend(factory));
      await surroundings.alive;
      send({ type: "ready" });
    } catch (error) {
      opened.reject(error);
      send({ type: "refused", error: toWireError(error) });
    }
  }

  async function answer(call: Message<Call>): Promise<void> {
    const abort = new AbortController();
    calls.set(call.id, abort);
    try {
      send({ ...(await outcomeOf(call, abort.signal)), id: call.id, memoryBytes: memoryBytes() });
    } catch (error) {
      send({ type: "failed", id: call.id, error: toWireError(error), memoryBytes: memoryBytes() });
    } finally {
      calls.delete(call.id);
    }
  }

  async function outcomeOf(call: Message<Call>, signal: AbortSignal) {
    switch (call.type) {
      case "load":
        return load(call, signal);
      case "run":
        return run(call, signal);
      case "unload":
        return unload(call);
      case "probe":
        return { type: "probed", probe: await (await opened.promise).probe({ signal }) } as const;
      case "count":
        return count(call, signal);
    }
  }

  async function load({ id, source, device }: Message<"load">, signal: AbortSignal) {
    const backend = await opened.promise;
    const model = await backend.load(await openModelSource(source), { device, signal });
    models.set(id, model);
    const deviceKind = await deviceKindOf(backend, model.device, { signal });
    return { type: "loaded", signature: model.signature, device: model.device, deviceKind } as const;
  }

  async function run({ model, tensors: inputs }: Message<"run">, signal: AbortSignal) {
    const loaded = models.get(model);
    if (loaded === undefined) throw fail("SG_COMPUTE_CLOSED", "The model has been unloaded");
    const startMs = performance.now();
    const tensors = await loaded.run(inputs, { signal });
    return { type: "ran", runMs: performance.now() - startMs, tensors } as const;
  }

  async function unload({ model }: Message<"unload">) {
    const loaded = models.get(model);
    models.delete(model);
    await loaded?.unload();
    return { type: "unloaded" } as const;
  }

  async function count({ source, tensors }: Message<"count">, signal: AbortSignal) {
    const backend = await opened.promise;
    const flops = await backend.countFlops?.(await openModelSource(source), tensors, { signal });
    return { type: "counted", flops: flops ?? null } as const;
  }

  /** Models end their runs before they are freed, also those whose callers have given up. */
  async function leave(): Promise<void> {
    await Promise.allSettled([...models.values()].map((model) => model.unload()));
    await opened.promise.then((backend) => backend.close?.()).catch(() => undefined); // it leaves either way
    surroundings.leave();
  }

  return (message) => {
    if (message.type === "open") void open(message);
    else if (message.type === "abort") calls.get(message.id)?.abort();
    else if (message.type === "leave") void leave();
    else void answer(message);
  };
}
