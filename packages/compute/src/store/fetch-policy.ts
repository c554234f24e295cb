import type { ModelSpec } from "@stargate/kernel";

/**
 * What may be fetched from a network. "never": nothing, whoever asks. "allowed": at run time the models of the allow-list,
 * and whatever `pull` is told to. "any": every declared model, when it is first used.
 */
export type FetchMode = "never" | "allowed" | "any";

export interface FetchPolicy {
  readonly mode: FetchMode;
  /** Ids of models that may be fetched at run time. */
  readonly allow: readonly string[];
  /** Ids of models without a declared digest whose first bytes are trusted. */
  readonly accept: readonly string[];
}

/** `isExplicit`: the operator asked for this very model, now. */
export function mayFetch({ mode, allow }: FetchPolicy, { id }: ModelSpec, isExplicit: boolean): boolean {
  if (mode === "never") return false;
  return isExplicit || mode === "any" || allow.includes(id);
}
