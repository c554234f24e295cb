import { conditionSchema, type Condition } from "../condition.ts";
import { parseConditionText } from "./condition-text.ts";
import type { ProblemList } from "./problem-list.ts";

type Path = readonly (string | number)[];

/** Reads a condition in either spelling; adds what is wrong and returns `undefined`. */
export function readCondition(value: unknown, path: Path, list: ProblemList): Condition | undefined {
  if (typeof value === "string")
    return (
      parseConditionText(value) ??
      list.add(
        path,
        `'${value}' is no condition: write it as "value.total >= 100", "descriptor.mediaType matches image/*" or "value.iban exists"`,
      )
    );
  const group = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const [key, ...others] = Object.keys(group);
  if ((key === "all" || key === "any") && others.length === 0 && Array.isArray(group[key])) {
    const parts = group[key].map((part: unknown, index) => readCondition(part, [...path, key, index], list));
    const read = parts.filter((part) => part !== undefined);
    return read.length < parts.length ? undefined : key === "all" ? { all: read } : { any: read };
  }
  if (key === "not" && others.length === 0) {
    const inner = readCondition(group["not"], [...path, "not"], list);
    return inner && { not: inner };
  }
  return list.parse(conditionSchema, value, path);
}
