import { checkNeeds } from "../../transcriptions/check-needs.ts";
import type { Exchange } from "../exchange.ts";
import { transcriptionEvents } from "../openai/transcription-events.ts";
import { readTranscriptionRequest } from "../openai/transcription-request.ts";
import { runExchange } from "../run-exchange.ts";

/** `POST /v1/audio/transcriptions`: what is said in a recording, for OpenAI's clients. */
export function createTranscription(exchange: Exchange): Promise<Response> {
  return answer(exchange, "transcribe");
}

/** `POST /v1/audio/translations`: the same in English, whatever is spoken. */
export function createTranslation(exchange: Exchange): Promise<Response> {
  return answer(exchange, "translate");
}

async function answer(exchange: Exchange, task: "transcribe" | "translate"): Promise<Response> {
  const { transcriptionModels, gate } = exchange.gateway;
  const { file, filename, model: name, options, needs, form, stream } = await readTranscriptionRequest(exchange, task);
  const model = transcriptionModels.find(name);
  checkNeeds(model, needs);
  const graph = model.graph(options);
  gate.compile(graph); // refuses options that the model does not take, before anything is run or becomes a job
  return runExchange(
    exchange,
    { pipeline: graph.name, inputs: { [model.input]: file }, goal: { graph }, filename, transcription: form },
    stream ? transcriptionEvents() : undefined,
  );
}
