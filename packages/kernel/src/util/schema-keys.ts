import type { z } from "zod";

/** The parts of zod schema definitions this file looks into. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly discriminator?: string;
  readonly getter?: () => z.core.$ZodType;
}

/**
 * Keys an object may have at `path` of a value parsed with `schema`; empty when the schema does not say.
 * The value picks the branch of a discriminated union.
 */
export function allowedKeys(schema: z.core.$ZodType, path: readonly PropertyKey[], value: unknown): readonly string[] {
  const definition = schema._zod.def as Definition; // read only, and every field is treated as optional
  const inner = definition.getter?.() ?? definition.innerType ?? definition.in;
  if (inner !== undefined) return allowedKeys(inner, path, value);
  if (definition.options !== undefined) {
    const branches =
      definition.discriminator === undefined
        ? definition.options
        : definition.options.filter((option) => hasKind(option, definition.discriminator ?? "", value));
    return [...new Set(branches.flatMap((branch) => allowedKeys(branch, path, value)))];
  }
  const [key, ...rest] = path;
  if (key === undefined) return Object.keys(definition.shape ?? {});
  const child = definition.shape?.[String(key)] ?? definition.element ?? definition.valueType;
  return child === undefined ? [] : allowedKeys(child, rest, member(value, key));
}

function hasKind(option: z.core.$ZodType, discriminator: string, value: unknown): boolean {
  const kind = member(value, discriminator);
  return option._zod.propValues?.[discriminator]?.has(kind as string) ?? false; // a Set lookup of anything is safe
}

function member(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}
