import { fail } from "../../errors/catalog.ts";

/** The `reviver` of JSON.parse with the source text of a number (ECMAScript proposal "JSON.parse source text access"). */
type SourceReviver = (key: string, value: unknown, context?: { readonly source?: string | undefined }) => unknown;

/** A whole number of 16 digits or more; a fraction may have as many and loses nothing. */
const longInteger = /[^.\d]\d{16,}(?![.\deE])/;

/**
 * Parses JSON so that integers a float64 cannot hold come out as bigint: a tensor of INT64 must not be rounded on the
 * way. Text without such a tensor, or without long integers, is parsed as always, which is twenty times faster.
 * Throws SG_COMPUTE_MESSAGE.
 */
export function parseExactly(text: string): unknown {
  try {
    return text.includes("INT64") && longInteger.test(text)
      ? JSON.parse(text, exactIntegers as (key: string, value: unknown) => unknown)
      : JSON.parse(text);
  } catch (cause) {
    // Only the place: the engine's message quotes the text.
    const place = /position \d+/.exec(cause instanceof Error ? cause.message : "")?.[0];
    throw fail(
      "SG_COMPUTE_MESSAGE",
      `The message is not JSON${place === undefined ? "" : `: syntax error at ${place}`}`,
    );
  }
}

const exactIntegers: SourceReviver = (_key, value, context) =>
  typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
    ? BigInt(context?.source ?? "")
    : value;
