import { z } from "zod";
import { policySchema, type Policy } from "../contract/policy.ts";
import type { Json, JsonObject } from "../util/json.ts";
import { conditionSchema, type Condition } from "./condition.ts";

/**
 * The one internal graph: plain JSON. Builder and YAML both make it, the plan hash is the digest of its
 * normal form, and nothing in it assumes one process.
 *
 * A *wire* is named after the input or step it comes from. A *port text* is a modality id or "many(<id>)";
 * derived ids are "window(<id>)" and "joined(<id>,<id>)". In the body of a step "*" takes the port of the wire that
 * feeds it; normal form has the port.
 */
export type Wire = string;
export type PortText = string;

/** Wires feeding a step: one, or one per named port. */
export type Feed = Wire | Readonly<Record<string, Wire>>;

/** Steps between inputs and one output. The body of map, loop and switch branches is such a graph, too. */
export interface GraphBody {
  readonly inputs: Readonly<Record<string, PortText>>;
  readonly steps: readonly GraphStep[];
  /** Wire whose payload is the result. */
  readonly output: Wire;
}

interface StepBase {
  readonly id: string;
  /** A failure becomes an itemised issue: the item is left out (in a map or stream), or `orElse` of the step stands in. */
  readonly soft?: boolean | undefined;
}

/** Runs a transform. `use` is "<id>" (newest open version) or "<id>@<version>"; normal form has the version. */
export interface TransformStep extends StepBase {
  readonly kind: "transform";
  readonly use: string;
  readonly from: Feed;
  readonly with?: JsonObject | undefined;
  /** Value that stands in when a soft step outside a map fails. */
  readonly orElse?: Json | undefined;
}

/** Runs `body` for every item of the stream `over`; the body's first input is the item, `from` feeds the others. */
export interface MapStep extends StepBase {
  readonly kind: "map";
  readonly over: Wire;
  /** Further single-valued inputs of the body, by input name. */
  readonly from?: Readonly<Record<string, Wire>> | undefined;
  readonly body: GraphBody;
  /** Items in flight. Default 4; 1 while the body holds state. */
  readonly concurrency?: number | undefined;
  /** "input" (default) keeps the order of items; "completion" yields what is ready. */
  readonly order?: "input" | "completion" | undefined;
}

/** Takes the first branch whose condition holds for `on`; all branches have the same inputs and output port. */
export interface SwitchStep extends StepBase {
  readonly kind: "switch";
  readonly on: Wire;
  readonly from: Readonly<Record<string, Wire>>;
  readonly cases: readonly { readonly when: Condition; readonly body: GraphBody }[];
  readonly otherwise: GraphBody;
}

/** Repeats `body` (one input, output of the same modality) until the condition holds for its output. */
export interface LoopStep extends StepBase {
  readonly kind: "loop";
  readonly from: Wire;
  readonly body: GraphBody;
  readonly until: Condition;
  /** Hard bound; reaching it without `until` is an issue, not an error. */
  readonly maxIterations: number;
}

/**
 * Groups a stream by event time (or count) into "window(<id>)" values. A window closes when the watermark
 * (largest event time seen minus `lateSeconds`) passes its end; later items are dropped and counted in coverage.
 */
export interface WindowStep extends StepBase {
  readonly kind: "window";
  readonly over: Wire;
  readonly size: { readonly seconds: number; readonly everySeconds?: number | undefined } | { readonly items: number };
  readonly lateSeconds?: number | undefined;
  /** Field path of the value to group by: one window sequence per key. */
  readonly key?: string | undefined;
}

/**
 * Pairs items of two streams whose event times differ by at most `withinSeconds` into "joined(<left>,<right>)"
 * values: one per left item, with all matching right items. A left item without partner is kept with an empty list and counted.
 */
export interface JoinStep extends StepBase {
  readonly kind: "join";
  readonly left: Wire;
  readonly right: Wire;
  readonly withinSeconds: number;
  readonly lateSeconds?: number | undefined;
  /** Field path that must be equal on both sides. */
  readonly key?: string | undefined;
}

/** Runs another pipeline as one step: inlined, its steps are named "<id>/<step>". */
export interface PipelineStep extends StepBase {
  readonly kind: "pipeline";
  readonly from: Readonly<Record<string, Wire>>;
  readonly body: GraphBody;
}

export type GraphStep = TransformStep | MapStep | SwitchStep | LoopStep | WindowStep | JoinStep | PipelineStep;

/** A named pipeline. */
export interface Graph extends GraphBody {
  readonly stargate: 1;
  readonly name: string;
  readonly description?: string | undefined;
  readonly policy?: Policy | undefined;
}

/** Ids of inputs and steps. */
export const idSchema = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9-]*$/, "ids are letters, digits and hyphens, beginning with a small letter");
const wireSchema = z.string().min(1);
const wiresSchema = z.record(z.string(), wireSchema);
const soft = z.boolean().optional();
const jsonObjectSchema = z.record(z.string(), z.json()) as z.ZodType<JsonObject>; // same values

const bodyFields = {
  inputs: z.record(idSchema, z.string()),
  get steps() {
    return z.array(graphStepSchema);
  },
  output: wireSchema,
};

const graphBodySchema: z.ZodType<GraphBody> = z.lazy(() => z.strictObject(bodyFields));

const graphStepSchema: z.ZodType<GraphStep> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("transform"),
      id: idSchema,
      soft,
      use: z.string(),
      from: z.union([wireSchema, wiresSchema]),
      with: jsonObjectSchema.optional(),
      orElse: z.json().optional() as z.ZodType<Json | undefined>,
    }),
    z.strictObject({
      kind: z.literal("map"),
      id: idSchema,
      soft,
      over: wireSchema,
      from: wiresSchema.optional(),
      body: graphBodySchema,
      concurrency: z.int().min(1).max(1024).optional(),
      order: z.enum(["input", "completion"]).optional(),
    }),
    z.strictObject({
      kind: z.literal("switch"),
      id: idSchema,
      soft,
      on: wireSchema,
      from: wiresSchema,
      cases: z.array(z.strictObject({ when: conditionSchema, body: graphBodySchema })),
      otherwise: graphBodySchema,
    }),
    z.strictObject({
      kind: z.literal("loop"),
      id: idSchema,
      soft,
      from: wireSchema,
      body: graphBodySchema,
      until: conditionSchema,
      maxIterations: z.int().min(1).max(10_000),
    }),
    z.strictObject({
      kind: z.literal("window"),
      id: idSchema,
      soft,
      over: wireSchema,
      size: z.union([
        z.strictObject({ seconds: z.number().positive(), everySeconds: z.number().positive().optional() }),
        z.strictObject({ items: z.int().min(1) }),
      ]),
      lateSeconds: z.number().nonnegative().optional(),
      key: z.string().optional(),
    }),
    z.strictObject({
      kind: z.literal("join"),
      id: idSchema,
      soft,
      left: wireSchema,
      right: wireSchema,
      withinSeconds: z.number().nonnegative(),
      lateSeconds: z.number().nonnegative().optional(),
      key: z.string().optional(),
    }),
    z.strictObject({ kind: z.literal("pipeline"), id: idSchema, soft, from: wiresSchema, body: graphBodySchema }),
  ]),
);

/** Runtime check of a graph as JSON. */
export const graphSchema: z.ZodType<Graph> = z.lazy(() =>
  z.strictObject({
    stargate: z.literal(1),
    name: z.string().regex(/^[a-z][a-z0-9-]*$/),
    description: z.string().optional(),
    ...bodyFields,
    steps: z.array(graphStepSchema),
    policy: policySchema.optional(),
  }),
);
