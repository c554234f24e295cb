import { fail } from "../../errors/server-errors.ts";
import { decodeDataUrl, isDataUrl } from "./data-url.ts";
import { checkInputName, type InputBody, type InputTarget, type RequestInputs } from "./input-target.ts";

/** Keys under which the only input of an endpoint may stand, beside its own name. */
const envelopeKeys = ["text", "input"];

/** Fetches a URL input, or refuses it. */
export type FetchInput = (url: string) => Promise<Blob>;

/**
 * Inputs of a JSON body. `{"text": "..."}`, `{"input": "data:..."}`, or one field per named input holding text, a data
 * URL or a JSON value. Anything else is, for an endpoint with one input, the input itself.
 * Throws SG_HTTP_BODY.
 */
export async function readJsonInputs(
  text: string,
  target: InputTarget,
  fetchInput: FetchInput,
): Promise<RequestInputs> {
  const value = parseJson(text);
  const [only, ...others] = target.names;
  const envelope = asObject(value);
  if (only === undefined || others.length > 0 || target.fields.length > 0)
    return readFields(envelope, target, fetchInput);
  const [key, ...more] = Object.keys(envelope ?? {});
  const content = key === undefined ? undefined : envelope?.[key];
  if (
    key === undefined ||
    more.length > 0 ||
    typeof content !== "string" ||
    !(envelopeKeys.includes(key) || key === only)
  ) {
    return { inputs: { [only]: jsonBlob(text) }, fields: {}, filename: undefined };
  }
  return { inputs: { [only]: await inputOf(key, content, fetchInput) }, fields: {}, filename: undefined };
}

async function readFields(
  envelope: Readonly<Record<string, unknown>> | undefined,
  target: InputTarget,
  fetchInput: FetchInput,
): Promise<RequestInputs> {
  const allowed = [...target.names, ...target.fields];
  if (envelope === undefined) throw fail("SG_HTTP_BODY", `The body is not a JSON object with ${listed(allowed)}`);
  const inputs: Record<string, InputBody> = {};
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(envelope)) {
    if (target.fields.includes(name)) {
      fields[name] = typeof value === "string" ? value : JSON.stringify(value);
      continue;
    }
    checkInputName(name, "field", target);
    inputs[name] = typeof value === "string" ? await inputOf(name, value, fetchInput) : jsonBlob(JSON.stringify(value));
  }
  return { inputs, fields, filename: undefined };
}

async function inputOf(key: string, content: string, fetchInput: FetchInput): Promise<InputBody> {
  if (key === "text") return content;
  if (isDataUrl(content)) return decodeDataUrl(content, key);
  if (key === "input" && /^https?:\/\//i.test(content)) return fetchInput(content);
  return content;
}

/** What a JSON text says. Throws SG_HTTP_BODY with the place of the error. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // Only the place: the engine's message quotes the body.
    const place = /position \d+/.exec(cause instanceof Error ? cause.message : "")?.[0];
    throw fail("SG_HTTP_BODY", `The body is not JSON${place === undefined ? "" : `: syntax error at ${place}`}`);
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined; // an object has string keys
}

function jsonBlob(text: string): Blob {
  return new Blob([text], { type: "application/json" });
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "the pipeline's inputs" : names.map((name) => `"${name}"`).join(", ");
}
