import { portText } from "@stargate/kernel";
import { fail } from "../../errors/server-errors.ts";
import {
  pipelineInputs,
  pipelineNamed,
  pipelineOutput,
  type ConfiguredPipeline,
} from "../../gateway/configured-pipeline.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import { livePipeline } from "../../live/live-order.ts";
import { checkAccept } from "../accept.ts";
import type { InputTarget } from "../body/input-target.ts";
import { readInputs } from "../body/read-inputs.ts";
import type { Exchange } from "../exchange.ts";
import { answerLive, isSound } from "../live/answer-live.ts";
import { runExchange } from "../run-exchange.ts";

/** Targets by pipeline: what a pipeline takes never changes. */
const targets = new WeakMap<ConfiguredPipeline, InputTarget>();

/** `POST /v1/pipelines/{name}`: runs a configured pipeline. */
export async function runPipeline(exchange: Exchange): Promise<Response> {
  const pipeline = pipelineOf(exchange);
  checkAccept(exchange, portText(pipeline.compiled.outputPort));
  if (isSound(exchange)) return answerLive(exchange, livePipeline(exchange.gateway, pipeline.name));
  const { inputs, filename } = await readInputs(exchange, targetOf(pipeline));
  requireInputs(pipeline.compiled.inputs.keys(), inputs);
  return runExchange(exchange, {
    pipeline: pipeline.name,
    inputs,
    goal: { pipeline: pipeline.name },
    filename,
  });
}

/** `GET /v1/pipelines`. */
export function listPipelines(exchange: Exchange): Response {
  const { gateway } = exchange;
  return exchange.json({
    pipelines: [...gateway.pipelines.values()].map((pipeline) => pipelineSummary(gateway, pipeline)),
  });
}

/** `GET /v1/pipelines/{name}`: with the graph in its normal form. */
export function showPipeline(exchange: Exchange): Response {
  const pipeline = pipelineOf(exchange);
  return exchange.json({ ...pipelineSummary(exchange.gateway, pipeline), graph: pipeline.compiled.graph });
}

function pipelineSummary(gateway: Gateway, pipeline: ConfiguredPipeline) {
  return {
    name: pipeline.name,
    description: pipeline.description ?? null,
    inputs: pipelineInputs(gateway.gate, pipeline),
    output: pipelineOutput(gateway.gate, pipeline),
    planHash: pipeline.compiled.planHash,
  };
}

function pipelineOf(exchange: Exchange): ConfiguredPipeline {
  return pipelineNamed(exchange.gateway.pipelines, exchange.context.req.param("name") ?? "");
}

function targetOf(pipeline: ConfiguredPipeline): InputTarget {
  let target = targets.get(pipeline);
  if (target === undefined) {
    const { inputs } = pipeline.compiled;
    const isText = (name: string): boolean =>
      inputs.get(name)?.modality.id === "text" && inputs.get(name)?.many === false;
    targets.set(pipeline, (target = { names: [...inputs.keys()], isText, rawJson: false, fields: [] }));
  }
  return target;
}

/** Throws SG_HTTP_BODY for inputs the body does not hold. */
export function requireInputs(names: Iterable<string>, inputs: Readonly<Record<string, unknown>>): void {
  const missing = [...names].filter((name) => !Object.hasOwn(inputs, name));
  if (missing.length > 0)
    throw fail("SG_HTTP_BODY", `The body lacks the input${missing.length === 1 ? "" : "s"} ${missing.join(", ")}`, {
      hint: "Send one multipart part or JSON field per input.",
    });
}
