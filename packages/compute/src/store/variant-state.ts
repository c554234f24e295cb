import { existsSync } from "node:fs";
import type { ModelSpec, ModelVariant } from "@stargate/kernel";
import { addressesOf } from "./find-file.ts";
import { keyOf } from "./layout.ts";
import { localPlaces } from "./local-files.ts";
import type { VariantState } from "./model-store.ts";
import type { Wanted } from "./refusals.ts";
import type { StoreContext } from "./store-context.ts";

/** From what stands in the way most to what does not. */
const worstFirst: readonly VariantState[] = ["unaccepted", "absent", "fetchable", "ready"];

/** State of the files of a variant: that of the file that stands in the way most. Reads no model file. */
export function variantState(spec: ModelSpec, variant: ModelVariant, context: StoreContext): VariantState {
  return worstState(variant.files.map((file) => fileState({ spec, variant: variant.name, file }, context)));
}

/** What several files together are: what the one is that stands in the way most; ready when there are none. */
export function worstState(states: readonly VariantState[]): VariantState {
  return worstFirst.find((state) => states.includes(state)) ?? "ready";
}

/** State of one file. One that was found to have other bytes is not here. */
export function fileState(wanted: Wanted, context: StoreContext): VariantState {
  const { spec, variant, file } = wanted;
  const { layout, refs, verified, folders, policy } = context;
  const ref = file.sha256 === null ? refs.read(keyOf(spec, variant, file.name)) : undefined;
  const accepted = ref === undefined || ref.acceptedAt === null ? null : ref.sha256;
  const expected = file.sha256 ?? accepted;
  if (expected === null && !policy.accept.includes(spec.id)) return "unaccepted";
  const isSound = (path: string): boolean => expected === null || (verified.seen(path) ?? expected) === expected;
  const inStore = expected === null ? [] : [layout.blob(expected)].filter((path) => existsSync(path));
  const isHere = [...inStore, ...localPlaces(folders, spec, variant, { ...file, sha256: expected })].some(isSound);
  if (isHere) return "ready";
  return addressesOf(wanted, false, context).length > 0 ? "fetchable" : "absent";
}
