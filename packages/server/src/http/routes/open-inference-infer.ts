import { fail as failKernel, isStargateError, type ModelAnswer, type Policy, type TensorMap } from "@stargate/kernel";
import { receiptHeaders } from "../answer-headers.ts";
import type { Exchange } from "../exchange.ts";
import { inferenceReceipt } from "../open-inference/inference-receipt.ts";
import { readInference } from "../open-inference/read-inference.ts";
import { servedModel } from "../open-inference/served-model.ts";
import { writeInference } from "../open-inference/write-inference.ts";
import { requestPolicy } from "../request-policy.ts";

/** Name of these runs in metrics. */
const pipeline = "open-inference";

/**
 * `POST /v2/models/{name}[/versions/{version}]/infer`: one run of a model on the compute plane. Inputs and outputs are
 * JSON or binary, each as the client chooses. `Stargate-Pool` and the like say where, as for every other run.
 */
export async function infer(exchange: Exchange): Promise<Response> {
  const { gateway } = exchange;
  const { clock } = gateway.host;
  const spec = await servedModel(exchange);
  const policy = { ...gateway.config.policy, ...requestPolicy(exchange) };
  const request = await readInference(exchange);
  const startedMs = clock.nowMs();
  const startedAt = new Date(clock.epochMs()).toISOString();
  try {
    const { outputs, use } = await runModel(exchange, { model: spec.id, inputs: request.inputs, policy });
    const receipt = inferenceReceipt({
      id: gateway.host.randomId(),
      tenant: exchange.tenant,
      startedAt,
      ms: clock.nowMs() - startedMs,
      version: spec.version,
      inputNames: Object.keys(request.inputs),
      use,
    });
    exchange.receiptId = receipt.id;
    gateway.receipts.add(receipt);
    gateway.metrics.receipt(receipt);
    gateway.metrics.run(pipeline, "ok");
    const { variant, backend, device, pool } = use;
    const parameters = { variant, backend, device, pool };
    return writeInference(exchange, request, {
      head: { model_name: spec.id, model_version: spec.version, parameters },
      outputs,
      headers: receiptHeaders(receipt),
    });
  } catch (error) {
    gateway.metrics.run(pipeline, isStargateError(error) ? error.code : "SG_SERVER_INTERNAL");
    throw error;
  }
}

interface Run {
  readonly model: string;
  readonly inputs: TensorMap;
  readonly policy: Policy;
}

/** Runs until the answer is there, the client is gone, or the time is over. */
async function runModel(exchange: Exchange, { model, inputs, policy }: Run): Promise<ModelAnswer> {
  const { host } = exchange.gateway;
  const { deadlineMs = Infinity } = policy;
  const late = new AbortController();
  const cancelTimer = host.clock.timer(deadlineMs, () =>
    late.abort(failKernel("SG_RUN_DEADLINE", `Model "${model}" was not done within ${deadlineMs} ms`)),
  );
  try {
    return await host.compute.run({
      tenant: exchange.tenant,
      runId: exchange.id,
      step: "infer",
      policy,
      deadlineMs: host.clock.nowMs() + deadlineMs,
      model,
      inputs,
      signal: AbortSignal.any([exchange.signal, late.signal]),
    });
  } finally {
    cancelTimer();
  }
}
