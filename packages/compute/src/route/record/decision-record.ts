import { z } from "zod";

/** JSON has no Infinity: no deadline is null. */
const limitSchema = z.number().nullable();

/** Numbers of one arm as they went into the score; nothing else does. */
const featuresSchema = z.strictObject({
  waitMs: z.number(),
  /** ms^2, of the prediction of the wait. */
  waitVariance: z.number(),
  /** Of the natural logarithm of the service time in ms. */
  serviceLogMean: z.number(),
  /** Spread of single calls and ignorance about their mean together. */
  serviceLogVariance: z.number(),
  /** Ignorance about the mean alone: what exploring can reduce. */
  serviceLogIgnorance: z.number(),
  /** For loading the model; "hopeful": 0 when nobody has seen it loaded there yet. */
  coldMs: z.number(),
  hopefulColdMs: z.number(),
  failureProbability: z.number(),
  failureDeviation: z.number(),
  usd: z.number(),
  /** 1 when the cost grows with the service time, 0 for a fee per call. */
  hourly: z.number(),
  joules: z.number(),
  /** Carbon intensity over 400 g/kWh. */
  carbonFactor: z.number(),
  quality: z.number(),
  qualityDeviation: z.number(),
  /** Utility that each ms of service takes from those who come after. */
  slotPrice: z.number(),
});

const armRecordSchema = z.strictObject({
  arm: z.string(),
  pool: z.string(),
  /** Hard constraint that rules it out, and why in words. */
  refused: z.strictObject({ reason: z.string(), text: z.string() }).nullable(),
  /** null for an arm that is ruled out. */
  features: featuresSchema.nullable(),
  score: z.number().nullable(),
  onTimeProbability: z.number().nullable(),
  propensity: z.number(),
});

/** One decision, complete: what was asked, what was known, what was drawn, what came out. */
export const decisionRecordSchema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  /** ISO 8601 UTC. */
  at: z.string(),
  snapshotVersion: z.int(),
  request: z.strictObject({
    bucket: z.string(),
    items: z.number(),
    tenant: z.string(),
    criticality: z.enum(["critical", "normal", "sheddable"]),
  }),
  /** Numbers of the request as they went into the scores. */
  terms: z.strictObject({
    remainingMs: limitSchema,
    weights: z.strictObject({ latency: z.number(), cost: z.number(), energy: z.number(), quality: z.number() }),
    scales: z.strictObject({ usd: z.number(), joules: z.number(), latencyMs: z.number() }),
    /** What an answer in time is worth, in units of the weights. */
    deadlineValue: z.number(),
    /** Refused when no arm is in time with at least this probability. */
    admission: z.number(),
    /** Refused when it would cost those behind it more than it is worth. */
    yields: z.boolean(),
    /** Probability of exploring at all. */
    exploration: z.number(),
    /** Scores this close count as equal and share the calls. */
    temperature: z.number(),
  }),
  /** The random number in [0, 1). */
  draw: z.number(),
  arms: z.array(armRecordSchema),
  /** Index of the arm, null when refused. */
  choice: z.int().nullable(),
  explored: z.boolean(),
  refusal: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});

export type DecisionRecord = Readonly<z.infer<typeof decisionRecordSchema>>;
