import type { Payload } from "../contract/payload.ts";
import { Absence } from "./edge/absence.ts";
import { Cell } from "./edge/cell.ts";
import { lazyPayload } from "./create-payload.ts";
import type { Execution } from "./execution.ts";
import type { RunResult } from "./runner.ts";

/** Takes the whole output of a run: its value, or all items of its stream as an array. */
export async function collect(execution: Execution): Promise<RunResult> {
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
function valueOf(read: Payload | Absence): Payload {
  if (read instanceof Absence) throw read.error;
  return read;
}
