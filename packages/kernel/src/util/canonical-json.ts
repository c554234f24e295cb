import type { Json } from "./json.ts";

/**
 * Canonical JSON (RFC 8785, JCS): keys sorted by UTF-16 code units, no white space, ECMAScript numbers.
 * Two equal values give equal bytes, so the text can be hashed and signed.
 */
export function canonicalJson(value: Json | undefined): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${members.join(",")}}`;
}

// Array.isArray does not narrow readonly arrays.
const isArray: (value: Json) => value is readonly Json[] = Array.isArray as (
  value: unknown,
) => value is readonly Json[];
