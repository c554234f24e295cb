/**
 * Value at a dotted path ("total.amount", "items.0.name"), or `undefined` when there is none.
 * Only own properties are followed, so no path reaches a prototype, a method or a getter of a class.
 */
export function readField(value: unknown, path: string): unknown {
  let current = value;
  for (const key of path.split(".")) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[key]; // own property, checked above
  }
  return current;
}

/** A grouping key as text: the same text for equal values, whatever their type. `undefined` when the field is absent. */
export function readKey(value: unknown, path: string): string | undefined {
  const field = readField(value, path);
  if (field === undefined || field === null) return undefined;
  return typeof field === "object" ? JSON.stringify(field) : String(field as string | number | boolean); // primitives only from here
}
