import { stat } from "node:fs/promises";
import { type BackendFactory, type Clock, type Log, type TensorMap, throwIfCancelled } from "@stargate/kernel";
import { askBackend } from "../hosts/ask-backend.ts";
import { hostedSource } from "../pools/model-key.ts";
import type { LocatedVariant } from "../store/model-store.ts";

/** A count takes as long as a load and a run of a graph as it was written. */
const COUNT_MS = 120_000;
/** Memory that must be there, as a multiple of the model's files: they are read, and loaded. */
const MEMORY_FACTOR = 3;

export interface CountInHost {
  readonly factory: BackendFactory;
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Counts operations in a process that is opened for it; undefined when there is too little memory for another copy. */
export async function countInHost(
  located: LocatedVariant,
  inputs: TensorMap,
  { factory, signal: given, ...options }: CountInHost & { readonly signal: AbortSignal },
): Promise<number | undefined> {
  throwIfCancelled(given, `Counting the operations of model "${located.spec.id}"`);
  if (MEMORY_FACTOR * (await bytesOf(located)) > process.availableMemory()) return undefined;
  const signal = AbortSignal.any([given, AbortSignal.timeout(COUNT_MS)]);
  return askBackend(factory, { ...options, signal }, (backend) =>
    backend.countFlops(hostedSource(located), inputs, { signal }),
  );
}

async function bytesOf({ paths }: LocatedVariant): Promise<number> {
  const sizes = await Promise.all(Object.values(paths).map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
