import {
  type BackendFactory,
  cancellationOf,
  fromWireError,
  type StargateError,
  throwIfCancelled,
} from "@stargate/kernel";
import { createHostClient } from "./client/host-client.ts";
import { fail, hostLost } from "./host-errors.ts";
import type { HostOptions } from "./host-options.ts";
import { defaultMemoryCeilingBytes, guardMemory } from "./life/memory-guard.ts";
import type { BackendQuestions, ModelHost } from "./model-host.ts";
import type { StartTransport } from "./transport/host-transport.ts";

const START_TIMEOUT_MS = 20_000;

export interface OpenHostRequest {
  readonly id: string;
  readonly factory: BackendFactory;
  readonly start: StartTransport;
  readonly signal: AbortSignal;
}

/**
 * Opens a host in a thread or a process: starts it, has it make its backend, and gives it the manners of `ModelHost`.
 * Throws SG_COMPUTE_HOST_LOST when it does not come up, and SG_HOST_BACKEND when it could not make the backend.
 */
export async function openHost(request: OpenHostRequest, options: HostOptions): Promise<ModelHost & BackendQuestions> {
  const { id, factory, signal } = request;
  const { clock, lowPriority = true, startTimeoutMs = START_TIMEOUT_MS } = options;
  throwIfCancelled(signal, "Opening a model host");

  const started = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<StargateError>();
  const memory = guardMemory(options.memoryCeilingBytes ?? defaultMemoryCeilingBytes());
  const client = createHostClient({ send: (message) => transport.send(message), busy: (busy) => transport.busy(busy) });
  let closing: Promise<void> | undefined;

  const transport = request.start(id, {
    message(message) {
      if (message.type === "ready") started.resolve();
      else if (message.type === "refused") started.reject(fromWireError(message.error, `Model host ${id}`));
      else {
        memory.isOver(message.memoryBytes);
        client.receive(message);
      }
    },
    beat(memoryBytes) {
      if (!memory.isFarOver(memoryBytes)) return;
      const what = `held ${memoryBytes} bytes and was killed; its ceiling is ${memory.ceilingBytes}`;
      end({ reason: "memory", what }, fail("SG_COMPUTE_MEMORY", `Model host ${id} ${what}`));
      transport.kill();
    },
    gone: (how) => end(closing === undefined ? how : { reason: "closed", what: "was closed" }),
  });

  function end(how: Omit<Parameters<typeof hostLost>[1], "output">, whyForCalls?: StargateError): void {
    const why = hostLost(id, { ...how, output: transport.tail() });
    client.end(whyForCalls ?? why);
    started.reject(why);
    lost.resolve(why);
  }

  async function leave(): Promise<void> {
    await client.drain(hostLost(id, { reason: "closed", what: "is being closed" }));
    await transport.leave();
  }

  const onAbort = (): void => started.reject(cancellationOf(signal, "Opening a model host"));
  signal.addEventListener("abort", onAbort, { once: true });
  const cancelTimeout = clock.timer(startTimeoutMs, () =>
    started.reject(
      hostLost(id, { reason: "hung", what: `did not come up in ${startTimeoutMs} ms`, output: transport.tail() }),
    ),
  );
  try {
    transport.busy(true);
    transport.send({ type: "open", factory, lowPriority });
    await started.promise;
  } catch (error) {
    transport.kill();
    throw error;
  } finally {
    transport.busy(false);
    cancelTimeout();
    signal.removeEventListener("abort", onAbort);
  }

  return {
    id,
    processId: transport.processId,
    keepsInputs: transport.keepsInputs,
    lost: lost.promise,
    retirement: memory.retirement,
    get memoryBytes() {
      return memory.memoryBytes;
    },
    async load(source, loadOptions) {
      const model = await client.load(source, loadOptions);
      if (!memory.isOver(memory.memoryBytes)) return model;
      await model.unload();
      throw fail(
        "SG_COMPUTE_MEMORY",
        `Model "${source.model}" makes its host hold ${memory.memoryBytes} bytes; the ceiling is ${memory.ceilingBytes}`,
      );
    },
    probe: (how) => client.probe(how),
    countFlops: (source, inputs, how) => client.countFlops(source, inputs, how),
    async close({ force = false } = {}) {
      transport.busy(true);
      closing ??= leave();
      if (force) {
        end({ reason: "closed", what: "was closed" });
        transport.kill();
      }
      await closing;
    },
  };
}
