import { fail } from "../../errors/catalog.ts";
import type { Json } from "../../util/json.ts";

/**
 * Copies a value as JSON would carry it. Throws SG_STATE_INVALID, naming the place, for what JSON would lose:
 * Blobs, typed arrays, dates, maps, functions, NaN.
 */
export function toJson(value: unknown, what: () => string): Json {
  return copy(value, what, "");
}

function copy(value: unknown, what: () => string, path: string): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value === 0 ? 0 : value; // JSON has no -0
  if (Array.isArray(value)) return value.map((item, index) => copy(item, what, `${path}[${index}]`));
  if (typeof value === "object" && isPlain(value)) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(entries.map(([key, member]) => [key, copy(member, what, `${path}.${key}`)]));
  }
  const kind =
    typeof value === "object" ? value.constructor.name : typeof value === "number" ? String(value) : typeof value;
  throw fail(
    "SG_STATE_INVALID",
    `Cannot store the ${what()}: ${path === "" ? "it" : path} is ${kind}, which JSON cannot carry`,
    { hint: "Keep plain data in state: numbers, texts, lists and objects." },
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
