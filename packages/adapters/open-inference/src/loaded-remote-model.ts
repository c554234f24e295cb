import {
  checkTensors,
  type LoadedModel,
  type ModelSignature,
  type TensorMap,
  throwIfCancelled,
} from "@stargate/kernel";
import { checkOutputs } from "./model/check-outputs.ts";
import { isBatched, runInParts } from "./model/split-batch.ts";
import { fail } from "./open-inference-errors.ts";
import type { ModelAddress, ServerClient } from "./server-client.ts";

export interface RemoteModel {
  readonly id: string;
  readonly server: string;
  readonly address: ModelAddress;
  readonly signature: ModelSignature;
  /** Most items of one request; undefined: the server does not say. */
  readonly maxBatchSize: number | undefined;
  readonly client: ServerClient;
}

/** A model on a server with the manners of the contract: checked inputs and outputs, and an end that waits for runs. */
export function createLoadedModel({
  id,
  server,
  address,
  signature,
  maxBatchSize = 0,
  client,
}: RemoteModel): LoadedModel {
  const inFlight = new Set<Promise<TensorMap>>();
  const maxItems = maxBatchSize > 0 && isBatched(signature) ? maxBatchSize : Infinity;
  const outputs = signature.outputs.map(({ name }) => name);
  let unloaded = false;
  return {
    signature,
    device: server,
    async run(inputs, { signal }) {
      throwIfCancelled(signal, `The run of model "${id}"`);
      if (unloaded) throw fail("SG_COMPUTE_CLOSED", `Model "${id}" has been unloaded`);
      checkTensors(id, signature, inputs);
      const running = runInParts(inputs, maxItems, async (part) =>
        checkOutputs(server, signature, await client.infer(address, { inputs: part, outputs }, signal)),
      );
      inFlight.add(running);
      return running.finally(() => inFlight.delete(running));
    },
    async unload() {
      unloaded = true;
      await Promise.allSettled(inFlight);
    },
  };
}
