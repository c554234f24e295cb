import { fail } from "../../errors/catalog.ts";
import type { Json } from "../../util/json.ts";
import { decodeText } from "../text/decode-text.ts";

export interface JsonLimits {
  /** Arrays and objects inside one another. */
  readonly maxDepth: number;
  /** Members of objects, in all. */
  readonly maxKeys: number;
  readonly maxBytes: number;
}

/** Deep enough for any document format in use, shallow enough for recursive code behind it. */
export const defaultJsonLimits: JsonLimits = { maxDepth: 100, maxKeys: 1_000_000, maxBytes: 64 * 1024 * 1024 };

/**
 * Reads JSON from outside: size, depth and number of keys are bounded, and keys that could reach a prototype
 * when somebody merges objects ("__proto__", "constructor" holding a "prototype") are refused.
 * Throws SG_INPUT_CORRUPT, SG_INPUT_INVALID and SG_INPUT_TOO_LARGE.
 */
export async function decodeJson(input: Blob, limits: JsonLimits = defaultJsonLimits): Promise<Json> {
  if (input.size > limits.maxBytes) {
    throw fail("SG_INPUT_TOO_LARGE", `JSON of ${input.size} bytes; the limit is ${limits.maxBytes} bytes`);
  }
  return parseJson(await decodeText(input), limits);
}

/** The same for text that is already there. */
export function parseJson(text: string, limits: JsonLimits = defaultJsonLimits): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json; // what JSON.parse gives is JSON
  } catch (cause) {
    // Only the place, not the engine's whole message: that quotes the input, which must not reach logs.
    const place = /position \d+/.exec(cause instanceof Error ? cause.message : "")?.[0];
    throw fail("SG_INPUT_CORRUPT", `The text is not JSON${place === undefined ? "" : `: syntax error at ${place}`}`);
  }
  checkJson(value, limits);
  return value;
}

/** Walks without recursion: depth is what is being bounded. */
function checkJson(root: Json, limits: JsonLimits): void {
  const pending: { value: Json | undefined; depth: number }[] = [{ value: root, depth: 0 }];
  let keys = 0;
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const { value, depth } = entry;
    if (value === null || typeof value !== "object") continue;
    if (depth >= limits.maxDepth) throw fail("SG_INPUT_INVALID", `JSON nested deeper than ${limits.maxDepth} levels`);
    if (!Array.isArray(value)) {
      for (const key of Object.keys(value)) {
        keys += 1;
        if (keys > limits.maxKeys) throw fail("SG_INPUT_TOO_LARGE", `JSON with more than ${limits.maxKeys} keys`);
        if (reachesPrototype(key, (value as Record<string, Json>)[key])) {
          throw fail("SG_INPUT_INVALID", `JSON key "${key}" is not accepted`, { hint: "Rename the key." });
        }
      }
    }
    for (const member of Object.values(value)) {
      if (member !== null && typeof member === "object") pending.push({ value: member, depth: depth + 1 });
    }
  }
}

function reachesPrototype(key: string, member: Json | undefined): boolean {
  if (key === "__proto__") return true;
  return key === "constructor" && member !== null && typeof member === "object" && Object.hasOwn(member, "prototype");
}
