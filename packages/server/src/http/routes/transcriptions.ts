import { fail } from "../../errors/transcription-errors.ts";
import type { TranscribeOption } from "../../transcriptions/transcribe-options.ts";
import type { TranscriptionModel } from "../../transcriptions/transcription-models.ts";
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

function checkNeeds(model: TranscriptionModel, needs: ReadonlyMap<TranscribeOption, string>): void {
  for (const [need, field] of needs) {
    if (model.takes.has(need)) continue;
    const what = need === "translate" ? "translate" : `take the field \`${field}\``;
    throw fail("SG_TRANSCRIPTION_UNSUPPORTED", `Model "${model.name}" cannot ${what}`, { details: { param: field } });
  }
}
