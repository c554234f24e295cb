import type { z } from "zod";
import { fail } from "../errors/catalog.ts";
import { formatProblems, schemaProblems } from "../util/schema-problems.ts";

/** Parses a value from outside against a modality's schema. Throws SG_INPUT_INVALID naming the fields. */
export function parseValue<S extends z.ZodType>(modality: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw fail(
    "SG_INPUT_INVALID",
    `Not a valid ${modality}: ${formatProblems(schemaProblems(result.error, schema, value))}`,
  );
}
