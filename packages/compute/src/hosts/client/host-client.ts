import { fail, type StargateError, throwIfCancelled } from "@stargate/kernel";
import type { BackendQuestions, HostedModel, ModelHost } from "../model-host.ts";
import type { FromHost } from "../wire/host-messages.ts";
import { createHostCalls } from "./host-calls.ts";
import type { HostLink } from "./host-link.ts";

/** The outside of a host in another thread or process: what its models look like to a gateway. */
export interface HostClient extends BackendQuestions {
  readonly load: ModelHost["load"];
  /** Takes an answer of the host. */
  receive(message: Extract<FromHost, { readonly id: number }>): void;
  /** Rejects who waits, and every call from now on: the host is gone. */
  readonly end: (why: StargateError) => void;
  /** Takes no more calls, and resolves when nobody waits any more. */
  readonly drain: (why: StargateError) => Promise<void>;
}

export function createHostClient(link: HostLink): HostClient {
  const calls = createHostCalls(link);

  function modelOf(name: string, loaded: Extract<FromHost, { readonly type: "loaded" }>): HostedModel {
    const { id: model, signature, device, deviceKind } = loaded;
    const what = `Model "${name}"`;
    let unloaded: Promise<void> | undefined;
    return {
      signature,
      device,
      deviceKind,
      async run(inputs, { signal }) {
        throwIfCancelled(signal, what);
        if (unloaded !== undefined) throw fail("SG_COMPUTE_CLOSED", `${what} has been unloaded`);
        const ran = await calls.call((id) => ({ type: "run", id, model, tensors: inputs }), { what, signal });
        return ran.type === "ran" ? { outputs: ran.tensors, runMs: ran.runMs } : unexpected(ran);
      },
      unload() {
        // A host that has ended, or is about to, frees its models itself.
        unloaded ??= calls
          .call((id) => ({ type: "unload", id, model }), { what })
          .then(ignore, (error: unknown) => {
            if (calls.ended === undefined) throw error;
          });
        return unloaded;
      },
    };
  }

  return {
    async load(source, { device, signal }) {
      const what = `Model "${source.model}"`;
      throwIfCancelled(signal, what);
      const loaded = await calls.call((id) => ({ type: "load", id, source, device }), { what, signal });
      return loaded.type === "loaded" ? modelOf(source.model, loaded) : unexpected(loaded);
    },
    async probe({ signal }) {
      const probed = await calls.call((id) => ({ type: "probe", id }), { what: "Looking for devices", signal });
      return probed.type === "probed" ? probed.probe : unexpected(probed);
    },
    async countFlops(source, inputs, { signal }) {
      const what = `Counting the operations of model "${source.model}"`;
      const counted = await calls.call((id) => ({ type: "count", id, source, tensors: inputs }), { what, signal });
      return counted.type === "counted" ? (counted.flops ?? undefined) : unexpected(counted);
    },
    receive(message) {
      const isAwaited = calls.answered(message);
      if (isAwaited || message.type !== "loaded" || calls.ended !== undefined) return;
      // Whoever asked for it has given up; nobody else knows of it.
      calls.call((id) => ({ type: "unload", id, model: message.id }), { what: "Model" }).catch(ignore);
    },
    end: calls.end,
    drain: calls.drain,
  };
}

const ignore = (): void => undefined;

function unexpected(message: FromHost): never {
  throw fail("SG_COMPUTE_HOST_LOST", `The model host gave an answer of another kind: "${message.type}"`);
}
