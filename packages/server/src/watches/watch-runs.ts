import { createPayload, type Answer, type Graph, type Host, type InputValue } from "@stargate/kernel";
import type { WatchAreaOptions } from "./watch-events.ts";

/** Runs a pipeline of a watch: each takes the area, and what else it is given. */
export function runWatchPipeline(
  { gate, area, definition, signal }: WatchAreaOptions,
  pipeline: Graph,
  inputs: Readonly<Record<string, InputValue>>,
  scratch?: ReturnType<Host["openScratch"]>["scratch"],
): Promise<Answer> {
  const { registry } = gate;
  return gate.run(
    { ...inputs, area: createPayload(registry.modality("features"), area) },
    { pipeline },
    { signal, tenant: definition.tenant, scratch },
  );
}

/** How much of a measure was read, 0-1. */
export function shareOf({ receipt }: Answer, measure: string): number {
  const found = receipt.coverage.find((each) => each.measure === measure);
  return found?.of ? found.done / found.of : 0;
}
