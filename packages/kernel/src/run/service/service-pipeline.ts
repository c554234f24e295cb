import type { SourceItem } from "../../contract/connector.ts";
import type { AnyModality } from "../../contract/modality.ts";
import type { Policy } from "../../contract/policy.ts";
import { fail } from "../../errors/catalog.ts";
import type { CompiledGraph } from "../../graph/compiled-graph.ts";
import { createPayload } from "../create-payload.ts";
import type { Runner, RunResult } from "../runner.ts";

/** What a service does with each item. */
export interface ServicePipeline {
  /** Says what is done: the same item and key give the same result, so it is delivered once. Usually the plan hash. */
  readonly key: string;
  run(item: SourceItem, options: { readonly signal: AbortSignal }): Promise<ServiceResult>;
}

/** What a run made of an item. */
export interface ServiceResult extends RunResult {
  /** Removes the files of the answer; called when the sink has taken it, or never will. */
  close?(): Promise<void>;
}

export interface RunnerPipelineOptions {
  readonly runner: Runner;
  readonly graph: CompiledGraph;
  /** Modality of the source's items. */
  readonly modality: AnyModality;
  readonly policy?: Policy | undefined;
  readonly tenant?: string | undefined;
}

/** One run of a compiled graph per item. Throws SG_SERVICE_MISMATCH when the graph does not take the source's items. */
export function runnerPipeline({ runner, graph, modality, policy, tenant }: RunnerPipelineOptions): ServicePipeline {
  const [input, ...more] = graph.inputs;
  const fits = input !== undefined && more.length === 0 && !input[1].many && input[1].modality.id === modality.id;
  if (!fits) {
    const takes = [...graph.inputs].map(
      ([name, port]) => `${name}: ${port.many ? `many(${port.modality.id})` : port.modality.id}`,
    );
    throw fail(
      "SG_SERVICE_MISMATCH",
      `Pipeline "${graph.graph.name}" takes ${takes.join(", ") || "nothing"}; the source gives ${modality.id}, one at a time`,
    );
  }
  return {
    key: graph.planHash,
    run: (item, { signal }) =>
      runner.run({
        graph,
        inputs: { [input[0]]: createPayload(modality, item.value, { name: item.name }) },
        policy,
        tenant,
        signal,
      }),
  };
}
