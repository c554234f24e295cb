import type { Host } from "../contract/host.ts";
import type { Registry } from "../registry/registry.ts";
import type { EdgeLimits } from "./edge/channel.ts";
import { collect } from "./collect.ts";
import { Execution } from "./execution.ts";
import type { Runner, RunRequest } from "./runner.ts";
import { runStream } from "./run-stream.ts";

export interface RunnerOptions {
  readonly host: Host;
  readonly registry: Registry;
  /** Bound of every stream edge. Default 16 items or 64 MiB. */
  readonly edgeLimits?: EdgeLimits | undefined;
}

/**
 * Makes the runner of a gate.
 * @example
 * const runner = createRunner({ host: createPortableHost(), registry });
 * const { payload, receipt } = await runner.run({ graph, inputs: { text: createPayload(text, "hello") } });
 */
export function createRunner({ host, edgeLimits }: RunnerOptions): Runner {
  return {
    run: async (request) => collect(await begin(host, request, edgeLimits)),
    stream: (request) => runStream(() => begin(host, request, edgeLimits)),
  };
}

async function begin(host: Host, request: RunRequest, edgeLimits?: EdgeLimits): Promise<Execution> {
  const { checkpoints } = request;
  const stored = checkpoints === undefined ? undefined : await checkpoints.store.load(checkpoints.key);
  return new Execution(host, request, { stored, edgeLimits });
}
