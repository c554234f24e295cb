import type { Receipt } from "@stargate/kernel";

/** Ids of the routing decisions that a receipt names. */
export function decisionIds({ steps }: Receipt): readonly string[] {
  return steps.flatMap(({ models }) => models ?? []).flatMap(({ decisions }) => decisions);
}
