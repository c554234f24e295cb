import {
  type LoadedModel,
  type ModelPart,
  type ModelSignature,
  type TensorMap,
  throwIfCancelled,
} from "@stargate/kernel/backend";
import { checkInputs } from "./model/signature.ts";
import type { EngineSession } from "./native/onnxruntime.ts";
import { fail } from "./onnx-errors.ts";
import { createSerialRuns } from "./session/serial-runs.ts";

/** What a loaded model is made of. */
export interface LoadedParts {
  readonly id: string;
  readonly device: string;
  readonly signature: ModelSignature;
  readonly session: EngineSession;
}

/** A session with the manners of the contract: checked inputs, cancellation, and an end that waits for runs in flight. */
export function createLoadedModel({ id, device, signature, session }: LoadedParts): LoadedModel & ModelPart {
  const runs = createSerialRuns();
  let released: Promise<void> | undefined;
  return {
    signature,
    device,
    async run(inputs: TensorMap, { signal, outputs }: Parameters<ModelPart["run"]>[1]) {
      throwIfCancelled(signal);
      if (released !== undefined) throw fail("SG_COMPUTE_CLOSED", `Model "${id}" has been unloaded`);
      checkInputs(id, signature, inputs);
      return runs.run(signal, () => session.run(inputs, outputs));
    },
    unload() {
      released ??= runs.settled().then(() => session.release());
      return released;
    },
  };
}
