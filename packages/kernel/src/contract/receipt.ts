import { z } from "zod";
import type { Json } from "../util/json.ts";
import { coverageSchema } from "./coverage.ts";

const jsonSchema: z.ZodType<Json> = z.json() as z.ZodType<Json>; // z.json() types undefined properties away; same values

export const issueSchema = z.strictObject({
  /** Step it happened in. */
  step: z.string(),
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  item: z.string().optional(),
});

export const degradationSchema = z.strictObject({
  step: z.string(),
  what: z.string(),
  reason: z.string(),
});

const meterLineSchema = z.strictObject({ step: z.string(), unit: z.string(), quantity: z.number() });

/** What one step had models do, summed over its calls of one model variant on one device. */
export const modelUseReceiptSchema = z.strictObject({
  model: z.string(),
  variant: z.string(),
  /** "sha256:<hex>" over the variant's files; null for a model on somebody else's server. */
  digest: z.string().nullable(),
  backend: z.string(),
  /** Device it really ran on. */
  device: z.string(),
  pool: z.string(),
  calls: z.int().positive(),
  /** Runs started: more than `calls` when something was retried or hedged. */
  attempts: z.int().positive(),
  hedges: z.int().nonnegative(),
  /** Mean number of items in the runs it shared. */
  batchItems: z.number().positive(),
  queueMs: z.number().nonnegative(),
  runMs: z.number().nonnegative(),
  /** The weakest basis of its calls. */
  joules: z.strictObject({ value: z.number(), basis: z.enum(["measured", "estimated", "declared"]) }).optional(),
  carbonGrams: z.number().optional(),
  usd: z.number().optional(),
  /** Ids of the last routing decisions, at most 16. */
  decisions: z.array(z.string()),
});

/** What happened in one step of the graph, summed over its invocations (a step inside a map runs many times). */
export const stepReceiptSchema = z.strictObject({
  /** Path of step ids from the outermost graph: "read/ocr". */
  id: z.string(),
  /** "ocr.read@1.0.0", or the kind of a structural step ("map", "window"). */
  uses: z.string(),
  /** Name of the lowest rung used, when the ladder has more than one. */
  rung: z.string().optional(),
  models: z.array(modelUseReceiptSchema).optional(),
  invocations: z.int().nonnegative(),
  /** Attempts in all; more than `invocations` when something was retried. */
  attempts: z.int().nonnegative(),
  failures: z.int().nonnegative(),
  /** Wall time inside the step, summed over invocations. */
  ms: z.number().nonnegative(),
  /** Invocations answered from results kept earlier. */
  cached: z.int().nonnegative(),
  coverage: z.array(coverageSchema),
  /** Facts the transform disclosed: engine, DPI ... */
  facts: z.record(z.string(), jsonSchema),
});

/** Exactly how an answer was made and how complete it is. Serialised as canonical JSON (RFC 8785). */
export const receiptSchema = z.strictObject({
  stargate: z.literal(1),
  id: z.string(),
  tenant: z.string(),
  /** Name of the pipeline, or null for a plan the gate found itself. */
  pipeline: z.string().nullable(),
  planHash: z.string(),
  /** ISO 8601 UTC. */
  startedAt: z.string(),
  ms: z.number().nonnegative(),
  input: z.record(
    z.string(),
    z.strictObject({
      modality: z.string(),
      mediaType: z.string().optional(),
      name: z.string().optional(),
      digest: z.string().optional(),
    }),
  ),
  output: z.strictObject({ modality: z.string(), digest: z.string().optional() }),
  steps: z.array(stepReceiptSchema),
  /** Weakest coverage per measure over all steps. */
  coverage: z.array(coverageSchema),
  degradations: z.array(degradationSchema),
  issues: z.array(issueSchema),
  meter: z.array(meterLineSchema),
});

export type Issue = Readonly<z.infer<typeof issueSchema>>;
export type Degradation = Readonly<z.infer<typeof degradationSchema>>;
export type ModelUseReceipt = Readonly<z.infer<typeof modelUseReceiptSchema>>;
export type StepReceipt = Readonly<z.infer<typeof stepReceiptSchema>>;
export type Receipt = Readonly<z.infer<typeof receiptSchema>>;
