import type { Gap } from "../../contract/coverage.ts";

/** Lists what went missing: one gap per kind, with the number of parts. `what` is in the singular. */
export function gapsOf(
  kinds: readonly { readonly count: number; readonly what: string; readonly reason: string }[],
): Gap[] {
  return kinds
    .filter(({ count }) => count > 0)
    .map(({ count, what, reason }) => ({ what: `${count} ${what}${count === 1 ? "" : "s"}`, reason }));
}
