import { checkTensors, type LoadedModel, type TensorMap } from "@stargate/kernel";
import type { Kind, RemoteModel } from "./kinds/kind.ts";
import { fail } from "./openai-errors.ts";
import { throwIfCancelled } from "./protocol/server.ts";

/** A remote model with the manners of the contract: checked inputs, and an end that waits for runs in flight. */
export function createLoadedModel(kind: Kind, model: RemoteModel): LoadedModel {
  const { id, server } = model;
  const signature = kind.signature(model);
  const call = kind.open(model);
  const inFlight = new Set<Promise<TensorMap>>();
  let unloaded = false;
  return {
    signature,
    device: server.name,
    async run(given, { signal }) {
      throwIfCancelled(signal);
      if (unloaded) throw fail("SG_COMPUTE_CLOSED", `Model "${id}" has been unloaded`);
      const inputs = { ...kind.defaults, ...given };
      checkTensors(id, signature, inputs);
      const running = call(inputs, signal);
      inFlight.add(running);
      return running.finally(() => inFlight.delete(running));
    },
    async unload() {
      unloaded = true;
      await Promise.allSettled(inFlight);
    },
  };
}
