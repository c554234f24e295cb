import type { RunContext } from "@stargate/kernel";
import type { ReadContext } from "./open-band.ts";

/** What readers need of a run, as a plain object that may be spread and handed on. */
export function readContextOf(context: Pick<RunContext, "fetch" | "offload" | "signal">): ReadContext {
  return {
    fetch: (input, init) => context.fetch(input, init),
    offload: (task, input, options) => context.offload(task, input, options),
    signal: context.signal,
  };
}
