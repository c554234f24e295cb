import type { EmbeddingModel } from "../../embeddings/embedding-models.ts";
import type { Exchange } from "../exchange.ts";

/** `GET /v1/models`: the models that the OpenAI-compatible endpoints can be asked for. */
export function listModels(exchange: Exchange): Response {
  return exchange.json({ object: "list", data: exchange.gateway.embeddingModels.all.map(modelSummary) });
}

/** `GET /v1/models/{id}`, aliases included. Throws SG_EMBEDDING_MODEL_UNKNOWN. */
export function showModel(exchange: Exchange): Response {
  const id = exchange.context.req.param("id") ?? "";
  return exchange.json({ ...modelSummary(exchange.gateway.embeddingModels.find(id, [])), id });
}

function modelSummary({ name, adapter, pipelines }: EmbeddingModel) {
  // OpenAI's own members first; nobody knows when a model was made.
  return { id: name, object: "model", created: 0, owned_by: adapter, embeds: [...pipelines.keys()] };
}
