import { fail as failKernel, type ModelSpec, type TensorSpec } from "@stargate/kernel";
import { datatypeOf } from "@stargate/kernel/open-inference";
import { z } from "zod";
import { serverVersion } from "../../version.ts";
import { parseBody, readJsonText } from "../body/read-json.ts";
import type { Exchange } from "../exchange.ts";
import { servedModel, unreadiness } from "../open-inference/served-model.ts";

/** `GET /v2`: what this server is. */
export function serverMetadata(exchange: Exchange): Response {
  return exchange.json({
    name: "stargate",
    version: serverVersion(),
    extensions: ["binary_tensor_data", "model_repository"],
  });
}

/** `GET /v2/health/live`. */
export function serverLive(exchange: Exchange): Response {
  return exchange.json({ live: true });
}

/** `GET /v2/health/ready`: says no as soon as a shutdown has begun. */
export function serverReady(exchange: Exchange): Response {
  const ready = exchange.gateway.lifecycle.state === "ready";
  return exchange.json({ ready }, ready ? 200 : 503);
}

/** `GET /v2/models/{name}[/versions/{version}]/ready`: its files are here. Loads nothing. */
export async function modelReady(exchange: Exchange): Promise<Response> {
  const spec = await servedModel(exchange);
  const { plane } = await exchange.gateway.compute.open();
  const reason = unreadiness(plane.store, spec);
  if (reason === undefined) return exchange.json({ name: spec.id, ready: true });
  throw failKernel("SG_COMPUTE_UNAVAILABLE", `Model "${spec.id}" is not ready: ${reason}`, {
    hint: `Run \`stargate models pull ${spec.id}\`.`,
  });
}

/** `GET /v2/models/{name}[/versions/{version}]`: inputs and outputs. Loads the model unless its declaration has them. */
export async function modelMetadata(exchange: Exchange): Promise<Response> {
  const spec = await servedModel(exchange);
  const { inputs, outputs } = spec.signature ?? (await describe(exchange, spec));
  return exchange.json({
    name: spec.id,
    versions: [spec.version],
    platform: spec.format,
    inputs: inputs.map(tensorMetadata),
    outputs: outputs.map(tensorMetadata),
  });
}

async function describe({ gateway, signal }: Exchange, { id }: ModelSpec) {
  const { plane } = await gateway.compute.open();
  const { signature } = await plane.describe(id, { signal });
  return signature;
}

/** Named dimensions are dynamic; the protocol has -1 for all of them. */
function tensorMetadata({ name, dtype, shape }: TensorSpec) {
  return { name, datatype: datatypeOf(dtype), shape: shape.map((size) => (typeof size === "string" ? -1 : size)) };
}

const indexSchema = z.looseObject({ ready: z.boolean().default(false) });

/** `POST /v2/repository/index`: every model, or with `{"ready": true}` those that are ready. The body may be empty. */
export async function repositoryIndex(exchange: Exchange): Promise<Response> {
  const text = await readJsonText(exchange);
  const { ready } = text === "" ? { ready: false } : parseBody(text, indexSchema);
  const { store } = (await exchange.gateway.compute.open()).plane;
  const models = store.specs.map((spec) => {
    const reason = unreadiness(store, spec);
    return {
      name: spec.id,
      version: spec.version,
      state: reason === undefined ? "READY" : "UNAVAILABLE",
      reason: reason ?? "",
    };
  });
  return exchange.json(ready ? models.filter(({ state }) => state === "READY") : models);
}
