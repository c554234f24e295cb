import { computeConfigSchema } from "@stargate/compute/config";
import { policySchema } from "@stargate/kernel";
import { z } from "zod";
import { isNetwork } from "../host/fetch/address-guard.ts";
import { isHostRule } from "../host/fetch/host-allow-list.ts";
import { jobsSchema } from "../jobs/jobs-schema.ts";
import { liveSchema } from "../live/live-schema.ts";
import { watchesSchema } from "../watches/watches-schema.ts";
import { servicesSchema } from "../services/services-schema.ts";
import { byteSizeSchema } from "./byte-size.ts";
import { modelsSchema } from "./models-schema.ts";

const serverSchema = z.strictObject({
  host: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe("Address to listen on. Anything but loopback needs an API key."),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe("Port to listen on; 0 picks a free one. The environment's PORT and --port win."),
  publicUrl: z.url().optional().describe("Address clients use, for the API description. Default: the one listened on."),
  announceMs: z
    .int()
    .min(0)
    .default(500)
    .describe("On SIGTERM: how long /readyz says no before connections are refused."),
  graceMs: z.int().min(0).default(30_000).describe("On SIGTERM: how long requests in flight may take to finish."),
});

const authSchema = z.strictObject({
  required: z
    .boolean()
    .optional()
    .describe("Ask for API keys. Default: as soon as one exists or the host is not loopback."),
  keysFile: z
    .string()
    .min(1)
    .default(".stargate/keys.json")
    .describe("Where `stargate keys create` keeps the hashes of keys."),
  pepperFile: z
    .string()
    .min(1)
    .default(".stargate/pepper")
    .describe("Secret under the hashes; made with the first key. The environment's STARGATE_PEPPER wins."),
});

const limitsSchema = z.strictObject({
  maxBodyBytes: byteSizeSchema.default(2 ** 30).describe("Largest request body. Default 1 GiB."),
  maxJsonBytes: byteSizeSchema
    .default(16 * 2 ** 20)
    .describe("Largest JSON body (text and data URLs are held in memory). Default 16 MiB."),
  memoryBodyBytes: byteSizeSchema
    .default(2 ** 20)
    .describe("Bodies and parts above this go to a temporary file. Default 1 MiB."),
  maxParts: z.int().min(1).max(1000).default(64).describe("Parts of one multipart body."),
  maxTensorBytes: byteSizeSchema
    .default(64 * 2 ** 20)
    .describe("Largest body of POST /v2/models/{name}/infer, which is held in memory. Default 64 MiB."),
  maxBatchItems: z.int().min(1).default(2048).describe("Items of one POST /v1/embeddings."),
  maxPixels: z
    .int()
    .positive()
    .default(50_000_000)
    .describe("Pixels of one image or rasterised page. Default 50 megapixels: A4 at 600 dpi has 35."),
  maxPages: z.int().positive().default(5000).describe("Pages of one document."),
  maxRunMs: z
    .int()
    .positive()
    .default(600_000)
    .describe("Longest time one request may run; Stargate-Deadline-Ms can only shorten it. Default 10 minutes."),
  maxConcurrentRequests: z
    .int()
    .positive()
    .default(256)
    .describe("Requests worked on at once; more are answered 503 with Retry-After."),
});

const allowSchema = z.strictObject({
  pipelineSpecs: z.boolean().default(false).describe("POST /v1/run: callers may send a pipeline of their own."),
  urlInputs: z
    .boolean()
    .default(false)
    .describe('Callers may send {"input": "https://..."}, fetched from the hosts below.'),
  hosts: z
    .array(
      z
        .string()
        .refine(isHostRule, { error: 'expected a host: "api.example.org", "*.example.org", "api.example.org:8443"' }),
    )
    .readonly()
    .default([])
    .describe('Hosts the gateway may fetch from: "example.org", "*.example.org".'),
  networks: z
    .array(
      z.string().refine(isNetwork, { error: 'expected a network or address: "10.1.0.0/16", "127.0.0.1", "fd00::/8"' }),
    )
    .readonly()
    .default([])
    .describe('Private networks those hosts may lie in: "10.1.0.0/16".'),
});

const adapterSchema = z.union(
  [
    z.string().min(1),
    z.strictObject({ use: z.string().min(1), with: z.record(z.string(), z.unknown()).optional() }),
    z.custom<object>(
      (value) => typeof value === "object" && value !== null && "kind" in value && value.kind === "adapter",
    ),
  ],
  { error: 'expected the name of an adapter ("ocr"), { use, with }, or an adapter object' },
);

const pipelineSchema = z.union(
  [
    z.string().min(1),
    z.record(z.string(), z.unknown()),
    z.custom<object>((value) => typeof value === "object" && value !== null),
  ],
  {
    error: "expected the path of a pipeline file or folder, or a pipeline",
  },
);

/** The whole configuration. Every field has a default, so an empty file is a valid one. */
export const configSchema = z.strictObject({
  server: serverSchema.prefault({}),
  auth: authSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  allow: allowSchema.prefault({}),
  adapters: z
    .array(adapterSchema)
    .readonly()
    .optional()
    .describe("Adapters to open. Default: ocr, onnx, vision, text, audio and satellite."),
  pipelines: z
    .array(pipelineSchema)
    .readonly()
    .default([])
    .describe("Pipeline files, folders of them, or pipelines; each becomes POST /v1/pipelines/{name}."),
  embeddings: z
    .strictObject({
      model: z.string().min(1).optional().describe("Model of POST /v1/embeddings for requests that name none."),
      aliases: z
        .record(z.string().min(1), z.string().min(1))
        .default({})
        .describe('Further names of models: `{"text-embedding-3-small": "all-MiniLM-L6-v2"}`.'),
    })
    .prefault({}),
  transcription: z
    .strictObject({
      model: z
        .string()
        .min(1)
        .optional()
        .describe("Model of POST /v1/audio/transcriptions for requests that name none. Default: the first."),
      aliases: z
        .record(z.string().min(1), z.string().min(1))
        .default({})
        .describe('Further names of models: `{"whisper-1": "whisper-small"}`.'),
    })
    .prefault({}),
  compute: computeConfigSchema.prefault({}),
  models: modelsSchema.prefault({}),
  state: z
    .strictObject({
      directory: z
        .string()
        .min(1)
        .default(".stargate")
        .describe("Where the gateway keeps what outlives it: models, what the router learned, kept results."),
    })
    .prefault({}),
  results: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe("Keep results of deterministic steps, so that repeated work is not done twice."),
      persist: z.boolean().default(false).describe("Keep them on disk too, under state.directory, across restarts."),
      maxMemoryBytes: byteSizeSchema.default(64 * 2 ** 20).describe("Default 64 MiB, all tenants together."),
      maxDiskBytes: byteSizeSchema.default(2 ** 30).describe("Default 1 GiB."),
      maxAgeSeconds: z.number().positive().default(86_400).describe("Older results are made anew. Default one day."),
      worthMs: z.number().nonnegative().default(20).describe("Steps predicted to take less are done again."),
    })
    .prefault({}),
  idempotency: z
    .strictObject({
      maxAgeSeconds: z
        .number()
        .positive()
        .default(86_400)
        .describe("How long a request repeated with its Idempotency-Key gets the first answer. Default one day."),
      maxAnswerBytes: byteSizeSchema
        .default(16 * 2 ** 20)
        .describe("Larger answers are made anew when they are asked for again. Default 16 MiB."),
      maxDiskBytes: byteSizeSchema
        .default(2 ** 30)
        .describe("All kept answers together, under state.directory; the oldest go first. Default 1 GiB."),
    })
    .prefault({}),
  jobs: jobsSchema.prefault({}),
  live: liveSchema.prefault({}),
  policy: policySchema.default({}).describe("Policy under those of pipelines and requests."),
  scratch: z
    .strictObject({
      directory: z
        .string()
        .min(1)
        .optional()
        .describe("Where temporary files go. Default: the system's temporary folder."),
      maxRunBytes: byteSizeSchema.default(4 * 2 ** 30).describe("Temporary space of one run. Default 4 GiB."),
    })
    .prefault({}),
  receipts: z
    .strictObject({
      maxEntries: z
        .int()
        .min(1)
        .default(1000)
        .describe("Receipts kept for GET /v1/receipts/{id}, all tenants together."),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(["debug", "info", "warn", "error", "silent"])
        .default("info")
        .describe("One of debug, info, warn, error, silent. Lines are JSON on stderr."),
    })
    .prefault({}),
  services: servicesSchema
    .default({})
    .describe("Long-lived flows for `stargate service`, by name: source, pipeline or `to`, sink."),
  watches: watchesSchema.default({}).describe("Areas of the earth that are watched for change, by name."),
});

/** The configuration with every default filled in. */
export type Config = Readonly<z.output<typeof configSchema>>;

/** What a configuration file may say. */
export type ConfigInput = z.input<typeof configSchema>;

/**
 * Types a `stargate.config.ts`; changes nothing.
 * @example
 * export default defineConfig({ server: { port: 9000 }, pipelines: ["pipelines"] });
 */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
