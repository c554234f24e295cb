import type { EmbeddingModel } from "../../embeddings/embedding-models.ts";
import type { TranscriptionModel } from "../../transcriptions/transcription-models.ts";
import type { Exchange } from "../exchange.ts";

/** `GET /v1/models`: the models that the OpenAI-compatible endpoints can be asked for. */
export function listModels(exchange: Exchange): Response {
  const { embeddingModels, transcriptionModels } = exchange.gateway;
  const embedding = new Map(embeddingModels.all.map((model) => [model.name, model]));
  const transcription = new Map(transcriptionModels.all.map((model) => [model.name, model]));
  const names = new Set([...embedding.keys(), ...transcription.keys()]);
  const data = [...names].map((name) => modelSummary(name, embedding.get(name), transcription.get(name)));
  return exchange.json({ object: "list", data });
}

/** `GET /v1/models/{id}`, aliases included. Throws SG_EMBEDDING_MODEL_UNKNOWN. */
export function showModel(exchange: Exchange): Response {
  const { embeddingModels, transcriptionModels } = exchange.gateway;
  const id = exchange.context.req.param("id") ?? "";
  const transcription = transcriptionModels.get(id);
  const embedding =
    transcription === undefined ? embeddingModels.find(id, []) : embeddingModels.all.find(({ name }) => name === id);
  return exchange.json(modelSummary(id, embedding, transcription));
}

function modelSummary(
  id: string,
  embedding: EmbeddingModel | undefined,
  transcription: TranscriptionModel | undefined,
): object {
  return {
    // OpenAI's own members first; nobody knows when a model was made.
    id,
    object: "model",
    created: 0,
    owned_by: embedding?.adapter ?? transcription?.owner,
    ...(embedding !== undefined && { embeds: [...embedding.pipelines.keys()] }),
    ...(transcription !== undefined && { transcribes: tasksOf(transcription) }),
  };
}

function tasksOf({ takes, liveGraph }: TranscriptionModel): readonly string[] {
  return [
    "transcribe",
    ...(takes.has("translate") ? ["translate"] : []),
    ...(takes.has("words") ? ["words"] : []),
    ...(liveGraph === undefined ? [] : ["live"]),
  ];
}
