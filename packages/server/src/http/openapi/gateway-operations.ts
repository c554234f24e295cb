import type { JsonObject } from "@stargate/kernel";
import { envelopeMediaType } from "../../gateway/envelope.ts";
import { eventStreamMediaType } from "../events/event-stream.ts";
import { reference } from "./json-schema.ts";
import { jobPaths } from "./job-operations.ts";
import { audioPaths } from "./audio-operations.ts";
import { computePaths } from "./compute-operations.ts";
import {
  asyncParameters,
  jobResponse,
  policyParameters,
  jsonResponse,
  problemResponses,
  queryParameter,
  runEvents,
} from "./parts.ts";
import { openInferencePaths } from "./open-inference-operations.ts";
import { inputEnvelope, textEnvelope } from "./pipeline-operations.ts";
import { embeddingPaths } from "./embedding-operations.ts";
import { receiptPaths } from "./receipt-operations.ts";
import { servicePaths } from "./service-operations.ts";
import { watchPaths } from "./watch-operations.ts";

const anything: JsonObject = { schema: { type: "string", format: "binary" } };

/** Operations every gateway has, whatever its pipelines. */
export function gatewayPaths(modalityIds: readonly string[]): JsonObject {
  const modality: JsonObject = { type: "string", enum: modalityIds };
  return {
    "/v1/convert": {
      post: {
        operationId: "convert",
        tags: ["Convert"],
        summary: "Anything in, what you want out",
        description: "The gate recognises the input by its content, finds the cheapest way to `to`, and runs it.",
        parameters: [
          queryParameter("to", "Modality wanted.", true, modality),
          queryParameter("from", "Modality of the input; recognised by its content when absent.", false, modality),
          queryParameter("with", 'Options by transform id, as JSON: {"ocr.read":{"languages":["eng"]}}.', false, {
            type: "string",
          }),
          ...policyParameters,
          ...asyncParameters,
        ],
        requestBody: {
          required: true,
          content: {
            "*/*": anything,
            "multipart/form-data": {
              schema: { type: "object", properties: { file: { type: "string", format: "binary" } } },
            },
            "application/json": { schema: { anyOf: [textEnvelope, inputEnvelope] } },
          },
        },
        responses: {
          "200": {
            description: "The answer. `Accept` picks its encoding, of those /v1/modalities lists for the modality.",
            headers: { "Stargate-Receipt": { description: "Id of the receipt.", schema: { type: "string" } } },
            content: {
              "*/*": anything,
              [eventStreamMediaType]: runEvents,
              [envelopeMediaType]: {
                schema: {
                  type: "object",
                  required: ["output", "receipt"],
                  properties: { output: {}, receipt: reference("Receipt") },
                },
              },
            },
          },
          "202": jobResponse,
          ...problemResponses,
        },
      },
    },
    "/v1/run": {
      post: {
        operationId: "runSpec",
        tags: ["Pipelines"],
        summary: "Run a pipeline sent with its inputs",
        description:
          "Off unless the operator sets allow.pipelineSpecs. One part or field `pipeline` (YAML or JSON), one per input.",
        parameters: [...policyParameters, ...asyncParameters],
        requestBody: {
          required: true,
          content: {
            "multipart/form-data": {
              schema: {
                type: "object",
                required: ["pipeline"],
                properties: { pipeline: { type: "string" } },
                additionalProperties: true,
              },
            },
            "application/json": {
              schema: {
                type: "object",
                required: ["pipeline"],
                properties: { pipeline: {} },
                additionalProperties: true,
              },
            },
          },
        },
        responses: {
          "200": {
            description: "The answer; `Accept` picks its encoding.",
            content: { "*/*": anything, [eventStreamMediaType]: runEvents },
          },
          "202": jobResponse,
          ...problemResponses,
        },
      },
    },
    "/v1/pipelines": list("listPipelines", "Pipelines", "The configured pipelines", "pipelines"),
    "/v1/modalities": list(
      "listModalities",
      "Catalogue",
      "Kinds of payload, and the media types they travel as",
      "modalities",
    ),
    "/v1/transforms": list("listTransforms", "Catalogue", "What the open adapters can do", "transforms"),
    "/v1/plan": {
      get: {
        operationId: "explainPlan",
        tags: ["Catalogue"],
        summary: "The way from one modality to another, and why not another way",
        parameters: [
          queryParameter("from", "Modality there is.", true, modality),
          queryParameter("to", "Modality wanted.", true, modality),
        ],
        responses: {
          "200": jsonResponse("The chosen path and every rejected candidate with its reason.", { type: "object" }),
          ...problemResponses,
        },
      },
    },
    ...embeddingPaths,
    ...audioPaths,
    ...openInferencePaths,
    ...computePaths,
    ...servicePaths,
    ...watchPaths,
    ...jobPaths,
    ...receiptPaths,
  };
}

function list(operationId: string, tag: string, summary: string, member: string): JsonObject {
  const schema: JsonObject = {
    type: "object",
    required: [member],
    properties: { [member]: { type: "array", items: { type: "object" } } },
  };
  return {
    get: {
      operationId,
      tags: [tag],
      summary,
      responses: { "200": jsonResponse(summary, schema), ...problemResponses },
    },
  };
}
