import { canonicalJson, encodingsOf, type Answer, type EncodedBody, type Gate, type Payload } from "@stargate/kernel";
import { fail } from "../errors/server-errors.ts";

/** Media type of an answer together with its receipt. */
export const envelopeMediaType = "application/vnd.stargate+json";

/** Outputs without a JSON or text form travel inside the envelope as a data URL up to this size. */
const maxEnvelopeBytes = 16 * 2 ** 20;

/**
 * `{"output": ..., "receipt": ...}`: the output as JSON where its modality has a JSON encoding, otherwise as
 * `{"mediaType", "text"}` or `{"mediaType", "data": "data:..."}`. Spliced, not parsed and written again.
 */
export async function envelopeText(
  gate: Gate,
  { payload, receipt }: Pick<Answer, "receipt"> & { readonly payload: Pick<Payload, "modality" | "value"> },
  signal?: AbortSignal,
): Promise<string> {
  return `{"output":${await outputJson(gate, payload, signal)},"receipt":${canonicalJson(receipt)}}`;
}

/** The output of an envelope. */
export async function outputJson(
  gate: Gate,
  payload: Pick<Payload, "modality" | "value">,
  signal?: AbortSignal,
): Promise<string> {
  const isJson = encodingsOf(gate.registry, payload.modality, payload.value).includes("application/json");
  const { body, mediaType } = await gate.encode(payload, isJson ? "application/json" : undefined, { signal });
  return isJson ? bodyText(body) : embedded(body, mediaType);
}

async function embedded(body: EncodedBody, mediaType: string): Promise<string> {
  if (typeof body === "string" || mediaType.startsWith("text/"))
    return JSON.stringify({ mediaType, text: await bodyText(body) });
  const bytes = Buffer.from(await new Response(body).arrayBuffer());
  if (bytes.byteLength > maxEnvelopeBytes) {
    throw fail(
      "SG_OUTPUT_TOO_LARGE",
      `The output has ${bytes.byteLength} bytes; inside ${envelopeMediaType} the limit is ${maxEnvelopeBytes}`,
      {
        hint: `Ask for ${mediaType} itself; its receipt has an address of its own.`,
      },
    );
  }
  return JSON.stringify({ mediaType, data: `data:${mediaType};base64,${bytes.toString("base64")}` });
}

function bodyText(body: EncodedBody): string | Promise<string> {
  return typeof body === "string" ? body : new Response(body).text();
}
