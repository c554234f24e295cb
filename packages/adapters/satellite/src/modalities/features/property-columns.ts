import type { Json } from "@stargate/kernel";
import type { Feature } from "./features-schema.ts";

/** Properties of all features as columns, in the order in which they first occur; null where a feature has none. */
export interface PropertyColumn {
  readonly name: string;
  /** What every value that is there has in common; lists, objects and mixed values are text (JSON). */
  readonly type: "boolean" | "number" | "text";
  readonly values: readonly (boolean | number | string | null)[];
}

export function propertyColumns(features: readonly Feature[]): readonly PropertyColumn[] {
  const names = new Set(features.flatMap(({ properties }) => Object.keys(properties ?? {})));
  return [...names].map((name) => {
    const values = features.map(({ properties }) => properties?.[name] ?? null);
    const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value));
    const [only] = kinds;
    if (kinds.size === 1 && (only === "boolean" || only === "number")) {
      return { name, type: only, values: values as (boolean | number | null)[] }; // all of that one type
    }
    return { name, type: "text", values: values.map(asText) };
  });
}

function asText(value: Json): string | null {
  if (value === null || typeof value === "string") return value;
  return JSON.stringify(value);
}
