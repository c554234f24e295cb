import type { JsonObject } from "@stargate/kernel";
import { envelopeMediaType } from "../../gateway/envelope.ts";
import { eventStreamMediaType } from "../events/event-stream.ts";
import { problemMediaType } from "../problem.ts";
import { reference } from "./json-schema.ts";

/** Pieces several operations of the API description share. */

const text: JsonObject = { type: "string" };

export const problemResponses: JsonObject = {
  "4XX": {
    description: "The request cannot be answered; `code` and `hint` say why and what to do.",
    content: { [problemMediaType]: { schema: reference("Problem") } },
  },
  "5XX": {
    description: "The gateway failed; `retryable` says whether to try again.",
    content: { [problemMediaType]: { schema: reference("Problem") } },
  },
};

/** Headers with which a caller says how its request is carried out. */
export const policyParameters: readonly JsonObject[] = [
  policyHeader(
    "Stargate-Deadline-Ms",
    "Milliseconds after which the run is given up. Can only shorten the gateway's own limit.",
    {
      type: "number",
      exclusiveMinimum: 0,
    },
  ),
  policyHeader("Stargate-Pool", "Pool that models must run on: there, or the request is refused with the reason.", {
    type: "string",
  }),
  policyHeader("Stargate-Device", "Device that models must run on: `cuda:0`, or a kind of device: `cuda`.", {
    type: "string",
  }),
  policyHeader("Stargate-Criticality", "Under overload the sheddable is refused first and the critical last.", {
    enum: ["critical", "normal", "sheddable"],
  }),
  policyHeader(
    "Idempotency-Key",
    "A fresh id per request. Repeated with it, also after a restart of the gateway, the request gets the answer of the first.",
    { type: "string", minLength: 1, maxLength: 255 },
  ),
  policyHeader("Stargate-Degrade", "`never`: rather no answer than a lesser one.", { enum: ["never"] }),
];

/** Headers that make a job of a request. */
export const asyncParameters: readonly JsonObject[] = [
  policyHeader("Prefer", "`respond-async`: a job now instead of the answer later.", text),
  policyHeader("Stargate-Webhook", "Of a job: address that is told of its end, signed.", { ...text, format: "uri" }),
];

/** Answer to a request that became a job. */
export const jobResponse: JsonObject = {
  description: "With `Prefer: respond-async`: the job.",
  headers: { Location: { description: "Where the job is.", schema: text } },
  content: { "application/json": { schema: reference("Job") } },
};

function policyHeader(name: string, description: string, schema: JsonObject): JsonObject {
  return { name, in: "header", description, schema };
}

/** Headers of an answer that something was run for. */
export const answerHeaders: JsonObject = {
  "Stargate-Receipt": { description: "Id of the receipt, for GET /v1/receipts/{id}.", schema: { type: "string" } },
  "Stargate-Coverage": {
    description: "How much of the input was read, per measure: `page=698/700`.",
    schema: { type: "string" },
  },
  "Stargate-Degraded": {
    description: "Announced degradations, absent when there are none.",
    schema: { type: "string" },
  },
  "Server-Timing": { description: "Milliseconds of the run and its steps.", schema: { type: "string" } },
};

/** The answer as server-sent events. */
export const runEvents: JsonObject = {
  schema: {
    type: "string",
    description:
      "Server-sent events while it runs: step-start, step-end, progress, partial results, issue, degradation, item; at the end answer or error.",
  },
};

/** Answer in one of the media types of a modality, or together with its receipt. */
export function answerResponse(
  modalityId: string,
  mediaTypes: readonly string[],
  jsonSchema: JsonObject | undefined,
): JsonObject {
  const contents = mediaTypes.map((mediaType): [string, JsonObject] => [
    mediaType,
    { schema: mediaType === "application/json" && jsonSchema !== undefined ? jsonSchema : bodySchema(mediaType) },
  ]);
  const output = jsonSchema ?? {
    description: "`{mediaType, text}` or `{mediaType, data}` with a data URL.",
    type: "object",
  };
  const envelope: JsonObject = {
    schema: { type: "object", required: ["output", "receipt"], properties: { output, receipt: reference("Receipt") } },
  };
  return {
    description: `The answer, as ${modalityId}. \`Accept\` picks the encoding.`,
    headers: answerHeaders,
    content: Object.fromEntries([...contents, [envelopeMediaType, envelope], [eventStreamMediaType, runEvents]]),
  };
}

/** JSON answer with a schema of its own. */
export function jsonResponse(description: string, schema: JsonObject): JsonObject {
  return { description, content: { "application/json": { schema } } };
}

/** Raw bytes or text of a media type. */
export function bodySchema(mediaType: string): JsonObject {
  if (mediaType === "application/json") return {};
  return mediaType.startsWith("text/")
    ? { type: "string" }
    : { type: "string", format: "binary", contentMediaType: mediaType };
}

export function queryParameter(name: string, description: string, required: boolean, schema: JsonObject): JsonObject {
  return { name, in: "query", required, description, schema };
}
