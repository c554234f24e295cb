import type { Descriptor } from "../contract/modality.ts";
import type { Json } from "../util/json.ts";
import type { Condition } from "./condition.ts";
import { readField } from "./field-path.ts";
import { matchesGlob } from "./glob.ts";

/** What a condition may look at. */
export interface ConditionSubject {
  readonly descriptor: Descriptor;
  readonly value: unknown;
}

/**
 * Whether a condition holds. Never throws: an absent field, or one of another type than it is compared with,
 * makes the comparison false (and `!=` true). `<` and its kin compare numbers with numbers and texts with texts.
 */
export function evaluateCondition(condition: Condition, subject: ConditionSubject): boolean {
  if ("all" in condition) return condition.all.every((part) => evaluateCondition(part, subject));
  if ("any" in condition) return condition.any.some((part) => evaluateCondition(part, subject));
  if ("not" in condition) return !evaluateCondition(condition.not, subject);
  const field = readField(subject, condition.field);
  if ("exists" in condition) return (field !== undefined && field !== null) === condition.exists;
  const { value } = condition;
  switch (condition.op) {
    case "==":
      return equal(field, value);
    case "!=":
      return !equal(field, value);
    case "in":
      return Array.isArray(value) && value.some((choice: Json) => equal(field, choice));
    case "matches":
      return typeof field === "string" && typeof value === "string" && matchesGlob(field, value);
    case "<":
      return compare(field, value) < 0;
    case "<=":
      return compare(field, value) <= 0;
    case ">":
      return compare(field, value) > 0;
    case ">=":
      return compare(field, value) >= 0;
  }
}

function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [entriesOf(a), new Map(entriesOf(b))];
  return left.length === right.size && left.every(([key, member]) => right.has(key) && equal(member, right.get(key)));
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/** Negative, zero or positive; NaN, which is neither, for things that cannot be compared. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : Number(a > b);
  return NaN;
}
