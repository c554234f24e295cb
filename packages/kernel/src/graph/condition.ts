import { z } from "zod";
import type { Json } from "../util/json.ts";

const operators = ["==", "!=", "<", "<=", ">", ">=", "in", "matches"] as const;

/**
 * A serialisable test of a payload. `field` is a path into its descriptor ("descriptor.mediaType")
 * or its value ("value.total.amount").
 */
export type Condition =
  | { readonly field: string; readonly op: (typeof operators)[number]; readonly value: Json }
  | { readonly field: string; readonly exists: boolean }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/** `matches` is a glob (`*` and `?`), never a regular expression: no input can make it slow. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ field: z.string(), op: z.enum(operators), value: z.json() as z.ZodType<Json> }),
    z.strictObject({ field: z.string(), exists: z.boolean() }),
    z.strictObject({ all: z.array(conditionSchema) }),
    z.strictObject({ any: z.array(conditionSchema) }),
    z.strictObject({ not: conditionSchema }),
  ]),
);
