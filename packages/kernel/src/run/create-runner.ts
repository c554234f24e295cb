import type { Host } from "../contract/host.ts";
import type { Payload } from "../contract/payload.ts";
import type { Registry } from "../registry/registry.ts";
import { Absence } from "./absence.ts";
import { Cell } from "./cell.ts";
import { Execution } from "./execution.ts";
import { lazyPayload } from "./create-payload.ts";
import type { Runner, RunRequest, RunResult } from "./runner.ts";
import { runStream } from "./run-stream.ts";

export interface RunnerOptions {
  readonly host: Host;
  readonly registry: Registry;
}

/**
 * Makes the runner of a gate.
 * @example
 * const runner = createRunner({ host: createPortableHost(), registry });
 * const { payload, receipt } = await runner.run({ graph, inputs: { text: createPayload(text, "hello") } });
 */
export function createRunner({ host }: RunnerOptions): Runner {
  return {
    run: async (request) => collect(await begin(host, request)),
    stream: (request) => runStream(() => begin(host, request)),
  };
}

async function begin(host: Host, request: RunRequest): Promise<Execution> {
  const { checkpoints } = request;
  return new Execution(
    host,
    request,
    checkpoints === undefined ? undefined : await checkpoints.store.load(checkpoints.key),
  );
}

/** Takes the whole output. */
async function collect(execution: Execution): Promise<RunResult> {
  const { consumer, output, run } = execution;
  let payload: Payload | undefined;
  const take = async (): Promise<void> => {
    try {
      payload =
        output instanceof Cell ? valueOf(output.value ?? (await output.read(consumer))) : await takeAll(execution);
      consumer.end();
    } catch (error) {
      run.scope.fail({ error });
    }
  };
  void take();
  const receipt = await execution.finish(() => payload);
  return { payload: payload as Payload, receipt }; // a run without error has an output
}

async function takeAll(execution: Execution): Promise<Payload> {
  const { consumer, output, run } = execution;
  const items: Payload[] = [];
  if (output instanceof Cell) return valueOf(await output.read(consumer));
  for (;;) {
    const read = await output.read(consumer);
    if (read === "ended") break;
    items.push(valueOf(read));
    execution.itemsYielded += 1;
  }
  const lineage = items.at(-1)?.lineage;
  const { modality } = run.graph.outputPort;
  return lazyPayload({
    modality: `many(${modality.id})`,
    value: items.map((item) => item.value),
    describer: { describe: () => ({ items: items.length }) },
    lineage,
    digestBlob: run.digestBlob,
  });
}

/** The output, or the original error when the step that should make it failed softly. */
export function valueOf(read: Payload | Absence): Payload {
  if (read instanceof Absence) throw read.error;
  return read;
}
