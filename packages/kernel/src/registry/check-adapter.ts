import { z } from "zod";
import type { Adapter } from "../contract/adapter.ts";
import { fail } from "../errors/catalog.ts";
import { formatProblems, schemaProblems } from "../util/schema-problems.ts";
import { loadAdapterSpec } from "./adapter-spec.ts";

const callable = z.custom<(...args: never) => unknown>((value) => typeof value === "function", "expected a function");
const schema = z.custom<z.ZodType>(
  (value) => typeof value === "object" && value !== null && "safeParse" in value,
  "expected a zod schema",
);
const version = z.string().regex(/^\d+\.\d+\.\d+$/, "expected major.minor.patch");
const kebab = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "expected kebab-case");
const transformId = z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/, 'expected "<adapter>.<verb>"');

const codec = z.looseObject({
  decode: callable.optional(),
  encode: callable.optional(),
  canEncode: callable.optional(),
});
const modality = z.looseObject({
  kind: z.literal("modality"),
  // Derived modalities ("window(text)") may be ports, so this is wider than kebab-case.
  id: z.string().min(1),
  schema,
  measure: z.string().min(1),
  measureOf: callable,
  describe: callable,
  codecs: z.record(z.string(), codec),
});
const port = z.union([modality, z.looseObject({ kind: z.literal("many"), item: modality })]);
const transform = z.looseObject({
  kind: z.literal("transform"),
  id: transformId,
  version,
  from: z.union([port, z.record(z.string(), port)]),
  to: port,
  options: schema,
  coverage: z.enum(["whole", "reported"]),
  cost: callable,
  loss: z.record(z.string(), z.number().nonnegative()),
  ladder: z.array(z.looseObject({ name: z.string(), quality: z.number().min(0).max(1) })).min(1),
  restrictions: z.array(z.looseObject({ kind: z.enum(["soft", "hard"]), note: z.string(), when: callable })),
  deterministic: z.boolean(),
  network: z.boolean(),
  plannable: z.boolean(),
  run: callable,
});
const named = z.looseObject({ id: z.string().min(1), version: z.string().min(1) });

/** The envelope of an adapter: what the kernel calls and reads. Unknown fields are left alone. */
const adapterSchema = z.looseObject({
  kind: z.literal("adapter"),
  id: kebab,
  version: z.string().min(1),
  summary: z.string(),
  modalities: z.array(modality),
  transforms: z.array(transform),
  codecs: z.array(z.looseObject({ modality: z.string(), mediaType: z.string(), codec })),
  models: z.array(named),
  backends: z.array(
    named.extend({ kind: z.literal("backend"), formats: z.array(z.string()).min(1), probe: callable, load: callable }),
  ),
  sources: z.array(z.looseObject({ kind: z.literal("source"), id: z.string().min(1), open: callable })),
  sinks: z.array(z.looseObject({ kind: z.literal("sink"), id: z.string().min(1), deliver: callable })),
  check: callable.optional(),
  close: callable.optional(),
});

/**
 * Checks an adapter where it enters: it may come from JavaScript that no compiler has seen.
 * Throws SG_ADAPTER_SPEC and SG_DEFINE_INVALID naming adapter and field.
 */
export function checkAdapter(adapter: unknown): asserts adapter is Adapter {
  if (typeof adapter === "function") {
    throw fail("SG_DEFINE_INVALID", "An adapter is a function", { hint: "Call it: adapters: [ocr()]." });
  }
  if (typeof adapter !== "object" || adapter === null)
    throw fail("SG_DEFINE_INVALID", `An adapter is ${String(adapter)}`);
  loadAdapterSpec(adapter);
  const result = adapterSchema.safeParse(adapter);
  if (result.success) return;
  const name = "id" in adapter && typeof adapter.id === "string" ? `"${adapter.id}"` : "without an id";
  throw fail(
    "SG_DEFINE_INVALID",
    `Adapter ${name}: ${formatProblems(schemaProblems(result.error, adapterSchema, adapter))}`,
    {
      hint: "Make the adapter with defineAdapter and its parts with defineModality, defineTransform and defineBackend.",
    },
  );
}
