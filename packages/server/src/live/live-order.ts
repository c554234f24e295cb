import { portText, type JsonObject, type Pcm, type Policy } from "@stargate/kernel";
import { fail } from "../errors/live-errors.ts";
import { fail as failTranscription } from "../errors/transcription-errors.ts";
import { pipelineNamed } from "../gateway/configured-pipeline.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { OrderHead } from "../runs/run-order.ts";
import type { TranscribeOption } from "../transcriptions/transcribe-options.ts";

/** A live run without its sound. */
export interface LiveGoal extends Pick<OrderHead, "pipeline" | "goal"> {
  /** Name of the input that takes the sound. */
  readonly input: string;
}

/** An order whose input is still coming in: it cannot be kept, so it never becomes a job. */
export interface LiveOrder extends OrderHead {
  readonly inputs: Readonly<Record<string, AsyncIterable<Pcm>>>;
}

/** What a live transcription can be asked for, as it stands in a query. */
export interface LiveQuery {
  get(name: string): string | undefined;
}

const SOUND = "many(pcm)";

/**
 * What is to be done with sound that comes in for a transcription model. Throws SG_TRANSCRIPTION_MODEL_UNKNOWN,
 * SG_TRANSCRIPTION_UNSUPPORTED, SG_LIVE_PIPELINE.
 */
export function liveTranscription({ gate, transcriptionModels }: Gateway, query: LiveQuery): LiveGoal {
  const model = transcriptionModels.find(query.get("model"));
  if (model.liveGraph === undefined)
    throw fail("SG_LIVE_PIPELINE", `Model "${model.name}" takes whole recordings, not sound that is still coming in`);
  const wanted: readonly (readonly [TranscribeOption, string, JsonObject])[] = [
    ["language", "language", { language: query.get("language") ?? "" }],
    ["prompt", "prompt", { prompt: query.get("prompt") ?? "" }],
    ["words", "words", { words: query.get("words") === "true" }],
    ["translate", "task", { task: query.get("task") ?? "" }],
  ];
  const options: Record<string, JsonObject[string]> = {};
  for (const [need, field, option] of wanted) {
    if (query.get(field) === undefined) continue;
    if (!model.takes.has(need))
      throw failTranscription("SG_TRANSCRIPTION_UNSUPPORTED", `Model "${model.name}" does not take \`${field}\``, {
        details: { param: field },
      });
    Object.assign(options, option);
  }
  // Who listens does not want to wait for what loudness the recording will have in two minutes.
  if (model.takes.has("lookAheadSeconds")) options["lookAheadSeconds"] = 0;
  const graph = model.liveGraph(options);
  gate.compile(graph); // refuses options that the model does not take, before any sound is sent
  return { pipeline: graph.name, goal: { graph }, input: model.input };
}

/** What is to be done with sound that comes in for a configured pipeline. Throws SG_PIPELINE_UNKNOWN, SG_LIVE_PIPELINE. */
export function livePipeline({ pipelines }: Pick<Gateway, "pipelines">, name: string): LiveGoal {
  const { compiled } = pipelineNamed(pipelines, name);
  const [only, ...others] = compiled.inputs;
  if (only === undefined || others.length > 0 || portText(only[1]) !== SOUND)
    throw fail("SG_LIVE_PIPELINE", `Pipeline "${name}" does not take ${SOUND} as its only input`);
  return { pipeline: name, goal: { pipeline: name }, input: only[0] };
}

/** The order of a live run. */
export function liveOrder(
  { input, ...goal }: LiveGoal,
  sound: AsyncIterable<Pcm>,
  head: Pick<OrderHead, "requestId" | "accept"> & { readonly policy: Policy },
): LiveOrder {
  return { ...goal, ...head, inputs: { [input]: sound } };
}
