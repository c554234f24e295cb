import { z } from "zod";

const weight = z.number().nonnegative().optional();

/** Relative weights of what "best" means; they need not sum to one. */
const objectiveSchema = z.strictObject({ latency: weight, cost: weight, energy: weight, quality: weight });

const name = z.string().optional();
const placeSchema = z.strictObject({ pool: name, device: name });

const retrySchema = z.strictObject({
  /** Attempts in all, the first included. */
  attempts: z.int().min(1).max(10),
  /** First pause; doubles with full jitter. */
  backoffMs: z.number().nonnegative().default(50),
  maxBackoffMs: z.number().nonnegative().default(5000),
});

const policyFields = {
  /** Time the whole run (or this step) may take. */
  deadlineMs: z.number().positive().optional(),
  objective: objectiveSchema.optional(),
  /** Retries of errors marked retryable. */
  retry: retrySchema.optional(),
  /** Start a second attempt when the first is slower than this; the loser is cancelled. */
  hedge: z.strictObject({ afterMs: z.number().positive() }).optional(),
  /** "never": no lower rung and no announced degradation may be used; the run fails instead. */
  degrade: z.enum(["allow", "never"]).optional(),
  /** Tags every compute pool used must carry: ["eu"]. */
  residency: z.array(z.string()).optional(),
  /** Smallest accepted coverage, 0-1; below it the run fails with SG_COVERAGE_TOO_LOW. */
  completeness: z.number().min(0).max(1).optional(),
  /** Kinds of information that must survive: a transform whose `loss` names one is refused. */
  keep: z.array(z.string()).optional(),
  /**
   * Where models must run: a pool by name, or any pool with this device. It runs there or is refused. `models` says it of
   * single models, by id or glob ("*-encoder"): the first that fits is the place of that model, and not the other one.
   */
  compute: placeSchema.extend({ models: z.record(z.string(), placeSchema).optional() }).optional(),
  /** Under overload the sheddable is refused first and the critical last. Default "normal". */
  criticality: z.enum(["critical", "normal", "sheddable"]).optional(),
};

export type Policy = Readonly<z.infer<z.ZodObject<typeof policyFields, z.core.$strict>>> & {
  /** Policies of single steps, by step id; they override the outer one field by field. */
  readonly steps?: Readonly<Record<string, Policy>> | undefined;
};

/** Small recursive data that says how a run may be carried out. Inner values override outer ones. */
export const policySchema: z.ZodType<Policy> = z.strictObject({
  ...policyFields,
  get steps() {
    return z.record(z.string(), policySchema).optional();
  },
});
