import { z } from "zod";

const poolShape = {
  backend: z.string().min(1).describe('Backend that runs the models: "onnx", "open-inference", "openai".'),
  device: z
    .string()
    .min(1)
    .optional()
    .describe('Device of the backend: "cpu", "cuda:0". Default: the first one that is available.'),
  slots: z
    .int()
    .min(1)
    .max(1024)
    .optional()
    .describe(
      "Runs at once. Default: one per processor core on a CPU, one on an accelerator. On a remote server the most there may be (64); how many it takes well is learned.",
    ),
  host: z
    .enum(["process", "thread"])
    .default("process")
    .describe(
      "Where models run: child processes that a crash cannot take the gateway with, or threads (trusted models).",
    ),
  maxHostBytes: z
    .int()
    .positive()
    .optional()
    .describe("Resident memory above which a host is replaced by a fresh one. Default 4 GiB."),
  usdPerHour: z.number().nonnegative().default(0).describe("Price of one busy slot for an hour."),
  usdPerCall: z.number().nonnegative().optional().describe("Price of one call, instead of an hourly price."),
  watts: z.number().positive().optional().describe("Power of one busy slot; used where nothing measures it."),
  region: z.string().min(1).optional().describe("Where the machine stands: for carbon intensity."),
  tags: z.array(z.string().min(1)).readonly().default([]).describe('Residency and other tags: ["eu", "on-premises"].'),
};

/** One pool as an operator writes it. */
export const poolConfigSchema = z.strictObject(poolShape);

/** The compute plane as an operator configures it. An empty object is a valid one. */
export const computeConfigSchema = z.strictObject({
  pools: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9:._-]*$/i), poolConfigSchema)
    .optional()
    .describe("Pools by name. Default: one for each device that the open backends find."),
  keepAliveSeconds: z
    .union([z.number().nonnegative(), z.literal("forever")])
    .default(600)
    .describe('How long an unused model stays loaded; 0 frees it at once, "forever" never.'),
  preload: z.array(z.string().min(1)).readonly().default([]).describe("Models to load before the gateway is ready."),
  exploration: z
    .number()
    .min(0)
    .max(0.2)
    .default(0.02)
    .describe("Share of calls used to learn about pools that are not the best known, when there is time to spare."),
  retryShare: z.number().min(0).max(0.2).default(0.1).describe("Retries elsewhere per call, at most."),
  hedgeShare: z.number().min(0).max(0.05).default(0.05).describe("Second calls for slow ones per call, at most."),
  shadowShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("Share of calls that the best variant answers too, in the background, to learn how good the others are."),
  logDecisions: z
    .boolean()
    .default(false)
    .describe(
      "Write routing decisions to disk, so that receipts can be explained after a restart. The last 2,000 always can.",
    ),
  carbonGramsPerKwh: z
    .record(z.string(), z.union([z.number().nonnegative(), z.array(z.number().nonnegative()).length(24)]))
    .default({})
    .describe("Carbon intensity by region: one number, or one for each hour of the day (UTC)."),
});

export type PoolConfig = Readonly<z.output<typeof poolConfigSchema>>;
export type ComputeConfig = Readonly<z.output<typeof computeConfigSchema>>;
export type ComputeConfigInput = z.input<typeof computeConfigSchema>;
