import type { z } from "zod";
import { fail } from "../errors/catalog.ts";
import { formatProblems, schemaProblems } from "../util/schema-problems.ts";

/**
 * Parses what a person wrote: options of an adapter, settings of a model. `what` begins the message: "Options of the ocr
 * adapter". Throws SG_OPTIONS_INVALID with every field that does not fit, and the nearest name for an unknown one.
 */
export function parseStrictly<Schema extends z.ZodType>(
  what: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw fail("SG_OPTIONS_INVALID", `${what}: ${formatProblems(schemaProblems(parsed.error, schema, value))}`);
}
