import { z } from "zod";
import { problemSchema } from "../http/openapi/problem-schema.ts";
import type { Problem } from "../http/problem.ts";
import { orderHeadSchema } from "../runs/run-order.ts";

/** Where a job is in its life. The last three are ends. */
export const jobStates = ["queued", "running", "succeeded", "failed", "cancelled"] as const;

export type JobState = (typeof jobStates)[number];

/** How far a job has come, in the measure of what the step reads: seconds, pages. */
export const jobProgressSchema = z.strictObject({
  step: z.string(),
  measure: z.string(),
  done: z.number(),
  /** Null while nobody knows. */
  of: z.number().nullable(),
});

export type JobProgress = Readonly<z.output<typeof jobProgressSchema>>;

/** An input as it is kept: a text, or a file in the folder of the job with a text or with bytes. */
const keptInputSchema = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ textFile: z.string() }),
  z.strictObject({ file: z.string(), mediaType: z.string() }),
]);

export type KeptInput = Readonly<z.output<typeof keptInputSchema>>;

/** The request of a job as it is kept. */
export const keptOrderSchema = z.strictObject({
  head: orderHeadSchema,
  inputs: z.record(z.string(), keptInputSchema),
});

export type KeptOrder = Readonly<z.output<typeof keptOrderSchema>>;

/** One written form of a result, in a file of its own. */
const keptAnswerSchema = z.strictObject({
  file: z.string(),
  /** As it stands in the header: "text/plain; charset=utf-8". */
  contentType: z.string(),
  headers: z.record(z.string(), z.string()),
});

/** How a job ended. */
export const outcomeSchema = z.strictObject({
  /** Why it failed, as clients may know it. */
  problem: (problemSchema as unknown as z.ZodType<Problem>).optional(), // out of JSON: no member is undefined
  /** The form that the request asked for; absent when it failed, and when the result had to give way. */
  answer: keptAnswerSchema.optional(),
  /** The output itself, from which other forms can be written, where it can be kept. */
  value: z.strictObject({ file: z.string(), modality: z.string() }).optional(),
  progress: jobProgressSchema.optional(),
  partialResults: z.int().nonnegative().default(0),
});

export type Outcome = Readonly<z.output<typeof outcomeSchema>>;

export const webhookStates = ["pending", "delivered", "refused"] as const;

/** Who is told of the end of a job. */
export interface JobWebhook {
  readonly url: string;
  readonly state: (typeof webhookStates)[number];
  readonly attempts: number;
  /** Milliseconds since the epoch; of the next attempt, while it is pending. */
  readonly nextMs: number;
  /** What the last attempt said. */
  readonly message: string | undefined;
}

/** A job as the database has it. Times are milliseconds since the epoch. */
export interface Job {
  /** Order of arrival. */
  readonly sequence: number;
  readonly id: string;
  readonly tenant: string;
  readonly state: JobState;
  readonly createdMs: number;
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
  /** Times it was begun. */
  readonly attempts: number;
  readonly order: KeptOrder;
  readonly outcome: Outcome;
  readonly receiptId: string | undefined;
  readonly webhook: JobWebhook | undefined;
}

/** Whether nothing will happen to a job any more. */
export function hasEnded({ state }: Pick<Job, "state">): boolean {
  return state !== "queued" && state !== "running";
}
