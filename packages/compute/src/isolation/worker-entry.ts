import { workerFlags } from "./worker-flags.ts";

/** What Node is started with to run a worker: its entry and the flags before it. */
export interface WorkerEntry {
  readonly url: URL;
  readonly execArgv: readonly string[];
}

/**
 * An entry module of threads and processes beside the caller, in a way that works from source (.ts) and from a build
 * (.js). Modules in .ts work in a worker when its host itself runs from source.
 */
export function workerEntry(entry: { readonly base: string; readonly module: string }): WorkerEntry {
  const runsFromSource = entry.base.endsWith(".ts");
  const inherited = workerFlags(process.execArgv);
  const condition = "--conditions=@stargate/source";
  return {
    url: new URL(`${entry.module}${runsFromSource ? ".ts" : ".js"}`, entry.base),
    execArgv: runsFromSource
      ? [...inherited.filter((flag) => flag !== condition), condition, "--disable-warning=ExperimentalWarning"]
      : inherited,
  };
}
