import type { AnyTransform } from "../../contract/transform.ts";
import { fail } from "../../errors/catalog.ts";
import { canonicalJson } from "../../util/canonical-json.ts";
import type { Json, JsonObject } from "../../util/json.ts";
import { formatProblems, schemaProblems } from "../../util/schema-problems.ts";

export interface ParsedOptions {
  /** What the transform gets. */
  readonly options: unknown;
  /** What the normal form of the graph keeps: defaults filled, wherever that can be written as JSON. */
  readonly normal: JsonObject;
}

/** Parses the options of a step with its transform's schema. Throws SG_OPTIONS_INVALID naming field, nearest name and what is allowed. */
export function parseOptions(transform: AnyTransform, options: JsonObject, path: string): ParsedOptions {
  const parsed = transform.options.safeParse(options);
  if (!parsed.success) {
    throw fail(
      "SG_OPTIONS_INVALID",
      `options of step '${path}' (${transform.id}): ${formatProblems(schemaProblems(parsed.error, transform.options, options))}`,
      { details: { step: path } },
    );
  }
  return { options: parsed.data, normal: isFixedPoint(transform, parsed.data) ? (parsed.data as JsonObject) : options };
}

// A schema with a transform ("3 MB" -> 3000000) may refuse its own output: then the spelling given stays.
function isFixedPoint(transform: AnyTransform, options: unknown): boolean {
  if (!isPlainJson(options)) return false;
  const again = transform.options.safeParse(options);
  return again.success && isPlainJson(again.data) && canonicalJson(again.data) === canonicalJson(options);
}

function isPlainJson(value: unknown): value is Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) return value.every(isPlainJson);
  return (
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.values(value).every((member) => member === undefined || isPlainJson(member))
  );
}
