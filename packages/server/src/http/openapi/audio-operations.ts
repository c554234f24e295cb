import type { JsonObject } from "@stargate/kernel";
import { transcriptionFormats } from "../../transcriptions/transcription-form.ts";
import { eventStreamMediaType } from "../events/event-stream.ts";
import { openaiErrors } from "./embedding-operations.ts";
import {
  answerHeaders,
  asyncParameters,
  jobResponse,
  policyParameters,
  problemResponses,
  queryParameter,
  runEvents,
} from "./parts.ts";

const tags = ["Audio"];
const text: JsonObject = { type: "string" };
const seconds: JsonObject = { type: "number", minimum: 0 };

const span: JsonObject = { start: seconds, end: seconds };
const answer: JsonObject = {
  description: "`json` has `text` and `usage`; `verbose_json` the rest, too.",
  type: "object",
  required: ["text"],
  properties: {
    text,
    task: text,
    language: text,
    duration: seconds,
    segments: { type: "array", items: { type: "object", properties: { id: { type: "integer" }, text, ...span } } },
    words: { type: "array", items: { type: "object", properties: { word: text, ...span } } },
    usage: { type: "object", properties: { type: { const: "duration" }, seconds } },
  },
};

const shared: JsonObject = {
  file: { type: "string", format: "binary", description: "The recording, in any container the gateway reads." },
  model: { ...text, description: "A name of GET /v1/models. Default: the operator's." },
  prompt: { ...text, description: "Names, spelling and style that the beginning should follow." },
  response_format: { enum: transcriptionFormats, default: "json" },
  temperature: { type: "number", minimum: 0, maximum: 1, default: 0 },
};

const liveText =
  "Partial, then final segments while the sound still comes in; at the end the whole transcript, its receipt, and how quickly and steadily it was told. The same path is a WebSocket (`GET` with `Upgrade`): samples as binary messages, events as text messages; see docs/audio.md.";

const liveParameters: readonly JsonObject[] = [
  queryParameter("model", "A name of GET /v1/models with `live`.", false, text),
  queryParameter("language", "ISO 639-1 code.", false, text),
  queryParameter("prompt", "Names, spelling and style that the beginning should follow.", false, text),
  queryParameter("words", "Times of words.", false, { type: "boolean" }),
  queryParameter("task", "`translate`: in English.", false, { enum: ["transcribe", "translate"] }),
];

/** Operations on recordings that OpenAI's clients know. */
export const audioPaths: JsonObject = {
  "/v1/audio/transcriptions": {
    post: operation("createTranscription", "What is said in a recording", {
      ...shared,
      language: { ...text, description: "ISO 639-1 code. Default: the recogniser finds out." },
      "timestamp_granularities[]": {
        type: "array",
        items: { enum: ["word", "segment"] },
        description: "Of verbose_json.",
      },
      stream: { type: "boolean", default: false, description: "Of json and text: the text piece by piece." },
    }),
  },
  "/v1/audio/translations": {
    post: operation("createTranslation", "What is said in a recording, in English", shared),
  },
  "/v1/audio/live": {
    post: {
      operationId: "transcribeLive",
      tags,
      summary: "Sound in chunks of the body, segments while it is sent",
      description: liveText,
      parameters: [...liveParameters, ...policyParameters],
      requestBody: {
        required: true,
        content: {
          "audio/pcm": { schema: { type: "string", format: "binary", description: "Samples, no container." } },
        },
      },
      responses: {
        "200": {
          description: "The transcript, or the events of the run.",
          headers: answerHeaders,
          content: { "*/*": { schema: text }, [eventStreamMediaType]: runEvents },
        },
        ...problemResponses,
      },
    },
  },
};

function operation(operationId: string, summary: string, properties: JsonObject): JsonObject {
  return {
    operationId,
    tags,
    summary,
    description: "OpenAI's endpoint. The receipt says which recogniser it was, and how much of the recording it heard.",
    parameters: [...policyParameters, ...asyncParameters],
    requestBody: {
      required: true,
      content: { "multipart/form-data": { schema: { type: "object", required: ["file"], properties } } },
    },
    responses: {
      "200": {
        description: "The transcript, as `response_format` asks.",
        headers: answerHeaders,
        content: {
          "application/json": { schema: answer },
          "text/plain": { schema: text },
          "text/vtt": { schema: text },
          "application/x-subrip": { schema: text },
          [eventStreamMediaType]: {
            schema: { ...text, description: "With `stream`: transcript.text.delta, then transcript.text.done." },
          },
        },
      },
      "202": jobResponse,
      ...openaiErrors,
    },
  };
}
