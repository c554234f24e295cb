import { z } from "zod";
import { policySchema } from "../../contract/policy.ts";
import type { Json, JsonObject } from "../../util/json.ts";
import { idSchema } from "../graph.ts";

// The human spelling, one object deep: bodies and conditions are read by `to-graph.ts`.

const wire = z.string().min(1);
const wires = z.record(z.string(), wire);
const feed = z.union([wire, wires]);
const body = { steps: z.array(z.unknown()), output: wire.optional() };
const step = { id: idSchema, soft: z.boolean().optional() };
const json = z.json() as z.ZodType<Json>; // same values
const options = z.record(z.string(), json) as z.ZodType<JsonObject>; // same values
const branch = z.strictObject(body);

/** Schema of a step by the key that says what it does. */
export const stepSchemas = {
  use: z.strictObject({
    ...step,
    use: z.string().min(1),
    from: feed.optional(),
    with: options.optional(),
    orElse: json.optional(),
  }),
  map: z.strictObject({
    ...step,
    map: wire,
    as: idSchema.optional(),
    using: wires.optional(),
    concurrency: z.int().min(1).max(1024).optional(),
    order: z.enum(["input", "completion"]).optional(),
    ...body,
  }),
  switch: z.strictObject({
    ...step,
    switch: wire,
    from: wires.optional(),
    cases: z.array(z.strictObject({ when: z.unknown(), ...body })),
    otherwise: branch,
  }),
  loop: z.strictObject({
    ...step,
    loop: wire,
    as: idSchema.optional(),
    until: z.unknown(),
    maxIterations: z.int().min(1).max(10_000),
    ...body,
  }),
  window: z.strictObject({
    ...step,
    window: wire,
    seconds: z.number().positive().optional(),
    everySeconds: z.number().positive().optional(),
    items: z.int().min(1).optional(),
    lateSeconds: z.number().nonnegative().optional(),
    key: z.string().optional(),
  }),
  join: z.strictObject({
    ...step,
    join: z.tuple([wire, wire]),
    withinSeconds: z.number().nonnegative(),
    lateSeconds: z.number().nonnegative().optional(),
    key: z.string().optional(),
  }),
  pipeline: z.strictObject({
    ...step,
    pipeline: z.strictObject({
      input: z.string().optional(),
      inputs: z.record(idSchema, z.string()).optional(),
      ...body,
    }),
    from: feed.optional(),
  }),
} as const;

export type StepKey = keyof typeof stepSchemas;
export const stepKeys = Object.keys(stepSchemas) as readonly StepKey[]; // keys of the literal above

/** The outermost object. */
export const pipelineSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, "names are small letters, digits and hyphens, beginning with a letter"),
  description: z.string().optional(),
  input: z.string().optional(),
  inputs: z.record(idSchema, z.string()).optional(),
  ...body,
  policy: policySchema.optional(),
});

/** Names that need no spelling out. */
export const defaultNames = { input: "input", item: "item", loop: "value" } as const;
