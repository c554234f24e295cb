import type { CompiledPipelineStep } from "../compiled-graph.ts";
import type { PipelineStep } from "../graph.ts";
import { checkBodyFeeds } from "./check-body-feeds.ts";
import type { CompileContext, WireTable } from "./compile-context.ts";
import { feedOf, inferInputs } from "./infer-inputs.ts";
import { normalBody } from "./normal-body.ts";

/** Another pipeline as one step. */
export function compilePipeline(spec: PipelineStep, wires: WireTable, context: CompileContext): CompiledPipelineStep {
  const path = context.prefix + spec.id;
  const body = context.compileBody(
    inferInputs(spec.body, feedOf(spec.from, wires)),
    { ...context, prefix: `${path}/` },
    { unreadInputs: "refuse" },
  );
  checkBodyFeeds(body, { path, from: spec.from, names: [...body.inputs.keys()], mappable: true }, wires, context);
  return {
    kind: "pipeline",
    path,
    body,
    output: body.outputPort,
    spec: {
      kind: "pipeline",
      id: spec.id,
      from: spec.from,
      body: normalBody(body),
      ...(spec.soft === true && { soft: true }),
    },
  };
}
