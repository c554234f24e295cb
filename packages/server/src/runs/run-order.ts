import { graphSchema, policySchema, type Goal, type JsonObject } from "@stargate/kernel";
import { z } from "zod";
import { transcriptionFormSchema } from "../transcriptions/transcription-form.ts";
import { pipelineNamed } from "../gateway/configured-pipeline.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { InputBody } from "../http/body/input-target.ts";

const optionsSchema = z.record(z.string(), z.record(z.string(), z.json()) as z.ZodType<JsonObject>); // z.json() types undefined properties away; same values

/** What is wanted, in words that can be kept and understood again after a restart. */
const runGoalSchema = z.union([
  /** The gate finds the way to a modality. */
  z.strictObject({ to: z.string(), with: optionsSchema.optional() }),
  /** A pipeline of the configuration, by name. */
  z.strictObject({ pipeline: z.string() }),
  /** A pipeline that came with the request. */
  z.strictObject({ graph: graphSchema }),
]);

/** Everything about a request to run something but its inputs, as it is kept for a job. */
export const orderHeadSchema = z.strictObject({
  /** Name of the pipeline, for people and metrics; "" for a way the gate plans itself. */
  pipeline: z.string(),
  goal: runGoalSchema,
  /** Modality id to read the input as. */
  as: z.string().optional(),
  filename: z.string().optional(),
  policy: policySchema,
  /** `Accept` of the request. */
  accept: z.string().optional(),
  /** Of a request in OpenAI's terms, which say themselves how the answer is written. */
  transcription: transcriptionFormSchema.optional(),
  requestId: z.string(),
});

export type OrderHead = Readonly<z.output<typeof orderHeadSchema>>;

/** A request to run something, read and checked: the same whether it is answered at once, streamed, or becomes a job. */
export interface RunOrder extends OrderHead {
  /** Inputs by name; "input" where the gate finds the way. */
  readonly inputs: Readonly<Record<string, InputBody>>;
}

/** An order whose inputs may still be coming in. */
export interface AnyOrder extends OrderHead {
  readonly inputs: Readonly<Record<string, InputBody | AsyncIterable<unknown>>>;
}

/** The goal as the gate takes it. Throws SG_PIPELINE_UNKNOWN for a pipeline that the configuration does not have any more. */
export function gateGoal(gateway: Pick<Gateway, "pipelines">, { goal }: Pick<RunOrder, "goal">): Goal {
  if ("to" in goal) return goal;
  if ("graph" in goal) return { pipeline: goal.graph };
  return { pipeline: pipelineNamed(gateway.pipelines, goal.pipeline).compiled };
}
