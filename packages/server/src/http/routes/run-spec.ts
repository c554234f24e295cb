import { fail } from "../../errors/server-errors.ts";
import type { Exchange } from "../exchange.ts";
import { readInputs } from "../body/read-inputs.ts";
import { runExchange } from "../run-exchange.ts";
import { requireInputs } from "./pipelines.ts";

/** `POST /v1/run`: a pipeline (field `pipeline`, YAML or JSON) together with its inputs. Off unless allowed. */
export async function runSpec(exchange: Exchange): Promise<Response> {
  if (!exchange.gateway.config.allow.pipelineSpecs) {
    throw fail("SG_HTTP_DISABLED", "This gateway does not run pipelines callers send (allow.pipelineSpecs)", {
      hint: "Ask the operator to add the pipeline to the configuration, or to set allow.pipelineSpecs.",
    });
  }
  const { inputs, fields } = await readInputs(exchange, {
    names: [],
    isText: () => false,
    rawJson: false,
    fields: ["pipeline"],
  });
  const text = fields["pipeline"];
  if (text === undefined)
    throw fail("SG_HTTP_BODY", "The body has no field `pipeline`", {
      hint: "Send the pipeline's YAML or JSON as the field `pipeline`, and its inputs beside it.",
    });
  const { parsePipelineYaml } = await import("@stargate/kernel/yaml");
  const graph = parsePipelineYaml(text, "pipeline");
  const compiled = exchange.gateway.gate.compile(graph);
  requireInputs(compiled.inputs.keys(), inputs);
  return runExchange(exchange, { pipeline: "(sent)", inputs, goal: { graph } });
}
