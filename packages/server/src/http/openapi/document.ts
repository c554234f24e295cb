import { computeSnapshotSchema } from "@stargate/compute/config";
import { receiptSchema, type JsonObject } from "@stargate/kernel";
import { mediaTypes } from "../../gateway/configured-pipeline.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import { serverVersion } from "../../version.ts";
import { gatewayPaths } from "./gateway-operations.ts";
import { jobSchema } from "./job-operations.ts";
import { componentName, componentSchema } from "./json-schema.ts";
import { pipelinePath } from "./pipeline-operations.ts";
import { problemSchema } from "./problem-schema.ts";

/** The OpenAPI 3.1 description of this very gateway: its modalities, its pipelines, its address. */
export function buildOpenApi(gateway: Gateway): JsonObject {
  const { registry } = gateway.gate;
  const pipelines = [...gateway.pipelines.values()];
  const paths = {
    ...gatewayPaths(registry.modalities.map(({ id }) => id)),
    ...Object.fromEntries(
      pipelines.map((pipeline) => [`/v1/pipelines/${pipeline.name}`, pipelinePath(gateway, pipeline)]),
    ),
  };
  return {
    openapi: "3.1.0",
    info: {
      title: "Stargate",
      version: serverVersion(),
      summary: "Any signal in, the thing you want out, through one endpoint",
      description:
        "Every answer is complete or says how incomplete it is: its receipt lists steps, coverage, degradations and issues.",
      license: { name: "Apache 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: gateway.url }],
    security: gateway.access.required ? [{ apiKey: [] }] : [{}],
    tags: [
      { name: "Convert", description: "The gate finds the way." },
      { name: "Pipelines", description: "Ways the operator configured." },
      { name: "Embeddings", description: "Texts and images as vectors, for OpenAI's clients." },
      { name: "Audio", description: "Recordings and live sound as transcripts, for OpenAI's clients." },
      { name: "Inference", description: "Models by tensors: the Open Inference Protocol, for clients of Triton." },
      { name: "Catalogue", description: "What this gateway knows and can do." },
      { name: "Services", description: "Flows that work by themselves, and items pushed to them." },
      { name: "Watches", description: "Areas of the earth that are watched for change, and their maps." },
      { name: "Jobs", description: "Requests that did not wait for their answer: `Prefer: respond-async`." },
      { name: "Receipts", description: "How answers were made." },
    ],
    paths,
    components: {
      ...(gateway.access.required
        ? { securitySchemes: { apiKey: { type: "http", scheme: "bearer", description: "API key, sg_..." } } }
        : {}),
      schemas: {
        Problem: componentSchema(problemSchema, "Problem"),
        Job: jobSchema,
        Receipt: componentSchema(receiptSchema, "Receipt"),
        ComputeSnapshot: componentSchema(computeSnapshotSchema, "ComputeSnapshot"),
        ...usedModalities(gateway),
      },
    },
  };
}

/** Schemas of the modalities that pipelines take or give as JSON; a component nobody refers to would be noise. */
function usedModalities(gateway: Gateway): JsonObject {
  const ends = [...gateway.pipelines.values()].flatMap(({ compiled }) => [
    ...[...compiled.inputs.values()].map(({ modality }) => ({ modality, direction: "decode" as const })),
    { modality: compiled.outputPort.modality, direction: "encode" as const },
  ]);
  const used = ends.filter(
    ({ modality, direction }) =>
      /^[a-z0-9-]+$/.test(modality.id) && mediaTypes(gateway.gate, modality.id, direction).includes("application/json"),
  );
  return Object.fromEntries(
    used.map(({ modality }) => [
      componentName(modality.id),
      { description: modality.summary, ...componentSchema(modality.schema, componentName(modality.id)) },
    ]),
  );
}
