import { formatProblems, schemaProblems } from "@stargate/kernel/backend";
import { fail } from "../satellite-errors.ts";
import { itemSchema, type StacItem } from "./stac-schema.ts";

/** Checks what claims to be a STAC item. Throws SG_INPUT_INVALID naming the fields. */
export function parseItem(value: unknown, name: string): StacItem {
  const parsed = itemSchema.safeParse(value);
  if (!parsed.success)
    throw fail(
      "SG_INPUT_INVALID",
      `${name} is no STAC item: ${formatProblems(schemaProblems(parsed.error, itemSchema, value))}`,
    );
  return parsed.data;
}
