import type { JsonObject } from "@stargate/kernel";
import {
  pipelineInputs,
  pipelineOutput,
  type ConfiguredPipeline,
  type PortSummary,
} from "../../gateway/configured-pipeline.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import { componentName, reference } from "./json-schema.ts";
import {
  answerResponse,
  asyncParameters,
  bodySchema,
  jobResponse,
  policyParameters,
  jsonResponse,
  problemResponses,
} from "./parts.ts";

/** Path item of one configured pipeline: run it, look at it. */
export function pipelinePath(gateway: Gateway, pipeline: ConfiguredPipeline): JsonObject {
  const output = pipelineOutput(gateway.gate, pipeline);
  const inputs = pipelineInputs(gateway.gate, pipeline);
  const id = componentName(pipeline.name);
  return {
    post: {
      operationId: `run${id}`,
      tags: ["Pipelines"],
      summary: pipeline.description ?? `Run the pipeline ${pipeline.name}`,
      description: `Takes ${inputs.map(describePort).join(" and ")}, gives ${describePort(output)}.`,
      parameters: [...policyParameters, ...asyncParameters],
      requestBody: requestBody(inputs),
      responses: {
        "200": answerResponse(output.modality, output.mediaTypes, modalitySchema(output)),
        "202": jobResponse,
        ...problemResponses,
      },
    },
    get: {
      operationId: `show${id}`,
      tags: ["Pipelines"],
      summary: `Inputs, output and graph of ${pipeline.name}`,
      responses: { "200": jsonResponse("The pipeline.", { type: "object" }), ...problemResponses },
    },
  };
}

/** One input: its bytes as they are, multipart, or JSON. Several: one part or field each. */
function requestBody(inputs: readonly PortSummary[]): JsonObject {
  const properties = Object.fromEntries(inputs.map((input) => [input.name, partSchema(input)]));
  const required = inputs.map(({ name }) => name);
  const multipart: JsonObject = { schema: { type: "object", required, properties } };
  const fields = Object.fromEntries(
    inputs.map(({ name }) => [name, { description: "Text, a data URL, or a JSON value." }]),
  );
  const [only, ...others] = inputs;
  if (only === undefined || others.length > 0) {
    return {
      required: true,
      content: {
        "multipart/form-data": multipart,
        "application/json": { schema: { type: "object", required, properties: fields } },
      },
    };
  }
  const raw = only.mediaTypes
    .filter((mediaType) => mediaType !== "application/json")
    .map((mediaType): [string, JsonObject] => [mediaType, { schema: bodySchema(mediaType) }]);
  const envelope: JsonObject = {
    anyOf: [
      textEnvelope,
      inputEnvelope,
      ...(only.mediaTypes.includes("application/json") ? [modalitySchema(only) ?? {}] : []),
    ],
  };
  return {
    required: true,
    content: { ...Object.fromEntries(raw), "multipart/form-data": multipart, "application/json": { schema: envelope } },
  };
}

export const textEnvelope: JsonObject = {
  type: "object",
  required: ["text"],
  properties: { text: { type: "string" } },
  additionalProperties: false,
};
export const inputEnvelope: JsonObject = {
  type: "object",
  required: ["input"],
  properties: { input: { type: "string", description: "A data URL, `data:<media type>;base64,...`." } },
  additionalProperties: false,
};

/** Schema of a port's JSON form, when it has one. Derived modalities ("window(text)") have no component of their own. */
function modalitySchema(port: PortSummary): JsonObject | undefined {
  if (!port.mediaTypes.includes("application/json") || !/^[a-z0-9-]+$/.test(port.modality)) return undefined;
  return port.many
    ? { type: "array", items: reference(componentName(port.modality)) }
    : reference(componentName(port.modality));
}

function partSchema({ mediaTypes }: PortSummary): JsonObject {
  return { type: "string", format: "binary", description: mediaTypes.join(", ") };
}

function describePort({ modality, many }: PortSummary): string {
  return many ? `a stream of ${modality}` : modality;
}
