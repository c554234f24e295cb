import type { JsonObject } from "@stargate/kernel";
import { answerHeaders, jsonResponse, policyParameters } from "./parts.ts";

const tags = ["Inference"];

const text: JsonObject = { type: "string" };
const object = (required: readonly string[], properties: JsonObject): JsonObject => ({
  type: "object",
  required,
  properties,
});
const list = (items: JsonObject): JsonObject => ({ type: "array", items });
const parameters: JsonObject = { type: "object", additionalProperties: true };

const datatype: JsonObject = {
  enum: [
    "BOOL",
    "UINT8",
    "UINT16",
    "UINT32",
    "UINT64",
    "INT8",
    "INT16",
    "INT32",
    "INT64",
    "FP16",
    "BF16",
    "FP32",
    "FP64",
    "BYTES",
  ],
};
const shape = list({ type: "integer" });
const tensor = object(["name", "shape", "datatype"], {
  name: text,
  shape,
  datatype,
  parameters: {
    ...parameters,
    description: "`binary_data_size`: the tensor's bytes follow the JSON, in the order of the tensors.",
  },
  data: { type: "array", description: "Values, flat or nested in row-major order; absent with `binary_data_size`." },
});
const tensorMetadata = object(["name", "datatype", "shape"], {
  name: text,
  datatype,
  shape: { ...shape, description: "-1 is a dynamic dimension." },
});

const request = object(["inputs"], {
  id: { type: "string", description: "Comes back with the answer." },
  parameters: { ...parameters, description: "`binary_data_output`: outputs as binary data unless they say otherwise." },
  inputs: list(tensor),
  outputs: {
    ...list(
      object(["name"], { name: text, parameters: { ...parameters, description: "`binary_data`: as binary data." } }),
    ),
    description: "Outputs wanted. Default: all.",
  },
});
const answer = object(["model_name", "model_version", "outputs"], {
  model_name: text,
  model_version: text,
  id: text,
  parameters: { ...parameters, description: "Where it ran: variant, backend, device, pool." },
  outputs: list(tensor),
});

/** JSON, or JSON followed by the raw bytes of its tensors. */
const message = (schema: JsonObject): JsonObject => ({
  "application/json": { schema },
  "application/octet-stream": {
    schema: {
      type: "string",
      format: "binary",
      description:
        "JSON of `Inference-Header-Content-Length` bytes, then raw tensor data: little-endian, row-major; each BYTES value after its length as uint32.",
    },
  },
});
const headerLength: JsonObject = {
  description: "Bytes of JSON before the binary data. Absent: the body is JSON.",
  schema: { type: "integer", minimum: 0 },
};

const error = jsonResponse(
  "The request cannot be answered; `Stargate-Error` has the code.",
  object(["error"], { error: text }),
);
const errors: JsonObject = { "4XX": error, "5XX": error };

const pathParameter = (name: string, description: string): JsonObject => ({
  name,
  in: "path",
  required: true,
  description,
  schema: text,
});

/** Operations of the Open Inference Protocol (KServe v2), which clients of Triton know. */
export const openInferencePaths: JsonObject = {
  "/v2": {
    get: get(
      "showInferenceServer",
      "What this server is",
      object(["name", "version", "extensions"], {
        name: text,
        version: text,
        extensions: list(text),
      }),
    ),
  },
  "/v2/health/live": {
    get: {
      ...get("inferenceLive", "The process answers", object(["live"], { live: { type: "boolean" } })),
      security: [],
    },
  },
  "/v2/health/ready": {
    get: {
      ...get("inferenceReady", "Requests are welcome", object(["ready"], { ready: { type: "boolean" } })),
      security: [],
    },
  },
  "/v2/repository/index": {
    post: {
      operationId: "listInferenceModels",
      tags,
      summary: "Every model, and whether it can run here",
      requestBody: {
        content: {
          "application/json": {
            schema: {
              type: "object",
              properties: { ready: { type: "boolean", description: "Only those that are ready." } },
            },
          },
        },
      },
      responses: {
        "200": jsonResponse(
          "The models.",
          list(
            object(["name", "version", "state", "reason"], {
              name: text,
              version: text,
              state: { enum: ["READY", "UNAVAILABLE"] },
              reason: { type: "string", description: "Why it is not ready." },
            }),
          ),
        ),
        ...errors,
      },
    },
  },
  ...modelPaths("/v2/models/{name}", "", [pathParameter("name", "Name of the model.")]),
  ...modelPaths("/v2/models/{name}/versions/{version}", "Version", [
    pathParameter("name", "Name of the model."),
    pathParameter("version", "Version of its declaration."),
  ]),
};

function modelPaths(path: string, suffix: string, pathParameters: readonly JsonObject[]): JsonObject {
  return {
    [path]: {
      parameters: pathParameters,
      get: get(
        `showInferenceModel${suffix}`,
        "Inputs and outputs of a model",
        object(["name", "versions", "platform", "inputs", "outputs"], {
          name: text,
          versions: list(text),
          platform: { type: "string", description: "Format of the model: onnx." },
          inputs: list(tensorMetadata),
          outputs: list(tensorMetadata),
        }),
      ),
    },
    [`${path}/ready`]: {
      parameters: pathParameters,
      get: get(
        `inferenceModelReady${suffix}`,
        "Whether a model can run here without being fetched first",
        object(["name", "ready"], { name: text, ready: { type: "boolean" } }),
      ),
    },
    [`${path}/infer`]: {
      parameters: pathParameters,
      post: {
        operationId: `infer${suffix}`,
        tags,
        summary: "Run a model",
        description: "Inputs and outputs are JSON or binary data, each as the client chooses.",
        parameters: [...policyParameters, { name: "Inference-Header-Content-Length", in: "header", ...headerLength }],
        requestBody: { required: true, content: message(request) },
        responses: {
          "200": {
            description: "The outputs.",
            headers: { ...answerHeaders, "Inference-Header-Content-Length": headerLength },
            content: message(answer),
          },
          ...errors,
        },
      },
    },
  };
}

function get(operationId: string, summary: string, schema: JsonObject): JsonObject {
  return { operationId, tags, summary, responses: { "200": jsonResponse(`${summary}.`, schema), ...errors } };
}
