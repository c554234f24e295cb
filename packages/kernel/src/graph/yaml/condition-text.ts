import type { Json } from "../../util/json.ts";
import type { Condition } from "../condition.ts";

type Comparison = Extract<Condition, { readonly op: string }>;

/**
 * Reads the short spelling of a condition: "value.total >= 100", "descriptor.mediaType matches image/*",
 * "value.kind in [\"a\", \"b\"]", "value.iban exists", "value.iban missing". What is no JSON is a text.
 * `undefined` when it is none of these.
 */
export function parseConditionText(text: string): Condition | undefined {
  const presence = /^\s*(\S+)\s+(exists|missing)\s*$/.exec(text);
  if (presence?.[1] !== undefined) return { field: presence[1], exists: presence[2] === "exists" };
  const comparison = /^\s*(\S+)\s+(==|!=|<=|>=|<|>|in|matches)\s+(.*\S)\s*$/s.exec(text);
  const [, field, op, value] = comparison ?? [];
  if (field === undefined || op === undefined || value === undefined) return undefined;
  const parsed = parseValue(value);
  return parsed === undefined ? undefined : { field, op: op as Comparison["op"], value: parsed }; // the pattern lists the operators
}

/** The short spelling of a condition, or the condition itself (its parts spelled short) when it has none. */
export function formatCondition(condition: Condition): Json {
  if ("all" in condition) return { all: condition.all.map(formatCondition) };
  if ("any" in condition) return { any: condition.any.map(formatCondition) };
  if ("not" in condition) return { not: formatCondition(condition.not) };
  if (/\s/.test(condition.field) || condition.field === "") return { ...condition };
  if ("exists" in condition) return `${condition.field} ${condition.exists ? "exists" : "missing"}`;
  return `${condition.field} ${condition.op} ${formatValue(condition.value)}`;
}

function parseValue(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return /^["[{]/.test(text) ? undefined : text; // begins like JSON: a slip, not a text
  }
}

function formatValue(value: Json): string {
  return typeof value === "string" && /^[A-Za-z][\w/*?.+-]*$/.test(value) && parseValue(value) === value
    ? value
    : JSON.stringify(value);
}
