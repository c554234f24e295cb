import { arch, cpus } from "node:os";
import { isStargateError, type Log, type ModelCanary, type TensorMap } from "@stargate/kernel";
import type { LocatedVariant } from "../../store/model-store.ts";
import { fail } from "../host-errors.ts";
import type { HostedModel } from "../model-host.ts";
import { type CanaryRecord, differenceFrom, differenceOf, recordOutputs } from "./canary-record.ts";
import { createCanaryStore } from "./canary-store.ts";
import { deriveInputs } from "./derive-inputs.ts";

export interface CanaryOptions {
  /** Folder for answers on record; of this machine. */
  readonly folder: string;
  /** Name and version of the engine: another version may answer a little differently. "onnx 1.30.0". */
  readonly engine: string;
  readonly log: Log;
}

/**
 * Has a loaded model answer inputs whose answer is known, which also warms it up. Call it after a load and from time to
 * time. Throws SG_COMPUTE_WRONG_RESULT for another answer: the host computes wrongly and must not be used. What else goes
 * wrong is thrown as it is (SG_COMPUTE_HOST_LOST).
 *
 * Known is what the model's author says (`ModelSpec.canary`). Without that the model answers inputs derived from its
 * signature, and its first answer on a device kind counts from then on. Models that refuse derived inputs, or answer
 * them differently each time, are only warmed up.
 */
export type CanaryCheck = (model: HostedModel, located: LocatedVariant, signal?: AbortSignal) => Promise<void>;

/** Sizes of dynamic dimensions to try: the least, and one that survives a few poolings. */
const DYNAMIC_SIZES = [1, 32];

/** What is known of a model's answer; "none" is looked for no more. */
type Known = CanaryRecord | "none";

export function createCanaryCheck({ folder, engine, log }: CanaryOptions): CanaryCheck {
  const store = createCanaryStore(folder);
  const known = new Map<string, Promise<Known>>();
  const never = new AbortController().signal;

  /** The model's first answer, which goes on record; "none" when it has no answer that could be compared. */
  async function firstAnswerOf(key: string, model: HostedModel, signal: AbortSignal): Promise<Known> {
    for (const dynamicSize of DYNAMIC_SIZES) {
      const first = await answer(model, dynamicSize, signal);
      if (first === undefined) continue;
      const second = await answer(model, dynamicSize, signal);
      if (second === undefined || differenceOf(second, first) !== undefined) break;
      await store.write(key, first);
      return first;
    }
    log.info("A model has no canary: it refuses derived inputs, or answers them differently each time", {
      key,
      device: model.device,
    });
    return "none";
  }

  /** The answer that counts. One model at a time gives a first one; the others wait for it. */
  function knownAnswer(key: string, model: HostedModel, signal: AbortSignal): Promise<Known> {
    let answered = known.get(key);
    if (answered === undefined) {
      answered = store.read(key).then((stored) => stored ?? firstAnswerOf(key, model, signal));
      known.set(key, answered);
      answered.catch((error: unknown) => {
        // A model that ends its host by derived inputs would do so each time.
        if (isLoss(error)) known.set(key, Promise.resolve("none"));
        else known.delete(key);
      });
    }
    return answered;
  }

  async function checkDerived(
    model: HostedModel,
    { spec, digest }: LocatedVariant,
    signal: AbortSignal,
  ): Promise<void> {
    const key = [spec.id, digest, engine, model.deviceKind, machine()].join(" ");
    const record = await knownAnswer(key, model, signal);
    if (record === "none") return;
    const got = await answer(model, record.dynamicSize, signal);
    const difference = got === undefined ? "it fails" : differenceOf(got, record);
    if (difference === undefined) return;
    throw fail("SG_COMPUTE_WRONG_RESULT", wrong(spec.id, model, difference), {
      hint: `Check hardware and driver of the device. If the known answer is wrong, delete ${store.place(key)}.`,
      details: { model: spec.id, device: model.device },
    });
  }

  return async (model, located, signal = never) => {
    const { canary, id } = located.spec;
    if (canary !== undefined) await checkGiven(id, model, canary, signal);
    else if (located.digest !== null) await checkDerived(model, located, signal);
  };
}

async function checkGiven(id: string, model: HostedModel, canary: ModelCanary, signal: AbortSignal): Promise<void> {
  const { outputs } = await model.run(copyOf(canary.inputs), { signal });
  const difference = differenceFrom(outputs, canary.outputs, canary.tolerance);
  if (difference === undefined) return;
  throw fail("SG_COMPUTE_WRONG_RESULT", wrong(id, model, difference), { details: { model: id, device: model.device } });
}

/** What the model answers to derived inputs; undefined when it refuses them. */
async function answer(model: HostedModel, dynamicSize: number, signal: AbortSignal): Promise<CanaryRecord | undefined> {
  try {
    const { outputs } = await model.run(deriveInputs(model.signature, dynamicSize), { signal });
    return recordOutputs(outputs, dynamicSize);
  } catch (error) {
    // What may succeed when it is tried again says nothing about the inputs.
    if (!isStargateError(error) || error.retryable) throw error;
    return undefined;
  }
}

const isLoss = (error: unknown): boolean => isStargateError(error) && error.code === "SG_COMPUTE_HOST_LOST";

const wrong = (id: string, { device }: HostedModel, difference: string): string =>
  `Model "${id}" computes wrongly on ${device}: ${difference}`;

/** Processors of another make round integer models differently. */
const machine = (): string => `${arch()} ${cpus()[0]?.model ?? ""}`;

/** A host may take over the memory of its inputs; the canary's are needed again. */
function copyOf(tensors: TensorMap): TensorMap {
  return structuredClone(tensors);
}
