import { z } from "zod";

const count = z.number().nonnegative();
const epochMs = z.number();

const shiftSchema = z.strictObject({ up: count, down: count });

const failureSchema = z.strictObject({ failures: count, successes: count, evidence: count, atEpochMs: epochMs });

const ratioSchema = z.strictObject({ value: count, weight: z.number().positive() });

const cellSchema = z.strictObject({
  level: z.number(),
  slope: z.number(),
  levelVariance: z.number().positive(),
  covariance: z.number(),
  slopeVariance: z.number().positive(),
  noise: z.number().positive(),
  noiseWeight: z.number().positive(),
  shift: shiftSchema,
  atEpochMs: epochMs,
});

const armSchema = z.strictObject({
  failure: failureSchema,
  usd: ratioSchema,
  joules: ratioSchema,
  coldMs: z.number().nonnegative().nullable(),
  usual: z.strictObject({ level: z.number(), slope: z.number() }).nullable(),
  cells: z.record(z.string(), cellSchema),
});

const poolSchema = z.strictObject({
  drift: z.strictObject({ drift: z.number(), variance: z.number().positive(), shift: shiftSchema, atEpochMs: epochMs }),
  failure: failureSchema,
  wait: z.strictObject({ perAge: z.number(), errorRate: count, mean: count, meanSquare: count }),
});

/** What a router has learned, as it survives a restart. Times are of the wall clock: the monotonic one starts anew. */
export const routerStateSchema = z.strictObject({
  version: z.literal(1),
  arms: z.record(z.string(), armSchema),
  pools: z.record(z.string(), poolSchema),
  qualities: z.record(z.string(), z.strictObject({ mean: z.number().min(0).max(1), weight: z.number().positive() })),
  levels: z.record(z.string(), z.strictObject({ scores: count, expected: count })),
});

export type RouterState = z.infer<typeof routerStateSchema>;
