import { createPortableHost, isStargateError } from "@stargate/kernel";
import { describeAnswer, publicAddress, readAtMost } from "../http/describe-answer.ts";
import { type FetchContext, fetchPatiently } from "../http/fetch-patiently.ts";
import { fail } from "../satellite-errors.ts";
import type { StacCache } from "./stac-cache.ts";

export interface StacContext extends FetchContext {
  readonly cache?: StacCache | undefined;
}

/** A page of a catalogue beyond this is none. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** How long a document is believed without asking. */
const FRESH_MS = 60_000;

/**
 * Fetches a JSON document of a catalogue. Throws SG_SATELLITE_CATALOGUE with what came back when it is no JSON, SG_FETCH_DENIED
 * and the cancellation.
 */
export async function fetchDocument(
  address: string,
  { body, ...context }: StacContext & { readonly body?: unknown },
): Promise<unknown> {
  const { cache, clock = createPortableHost().clock } = context;
  const known = body === undefined ? cache?.get(address) : undefined;
  if (known !== undefined && clock.nowMs() - known.atMs < FRESH_MS) return known.value;
  const init: RequestInit = {
    method: body === undefined ? "GET" : "POST",
    headers: {
      accept: "application/geo+json, application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(known?.etag === undefined ? {} : { "if-none-match": known.etag }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  try {
    return await fetchPatiently(address, init, { ...context, clock }, async (response) => {
      if (response.status === 304 && known !== undefined) {
        cache?.set(address, { ...known, atMs: clock.nowMs() });
        return known.value;
      }
      const value = await parseAnswer(address, response);
      if (body === undefined)
        cache?.set(address, { value, etag: response.headers.get("etag") ?? undefined, atMs: clock.nowMs() });
      return value;
    });
  } catch (error) {
    if (context.signal.aborted || (isStargateError(error) && isOurs(error.code))) throw error;
    throw fail(
      "SG_SATELLITE_CATALOGUE",
      `${publicAddress(address)} does not answer: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

const isOurs = (code: string): boolean => code === "SG_SATELLITE_CATALOGUE" || code === "SG_FETCH_DENIED";

async function parseAnswer(address: string, response: Response): Promise<unknown> {
  const name = publicAddress(address);
  const { status } = response;
  if (!response.ok)
    throw fail("SG_SATELLITE_CATALOGUE", `${name} answered ${await describeAnswer(response)}`, {
      details: { status },
      hint:
        status === 401 || status === 403
          ? "The catalogue wants a login; use a public one, or give the secret that it asks for."
          : undefined,
    });
  const { body, isWhole } = await readAtMost(response, MAX_DOCUMENT_BYTES);
  const size = `${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB`;
  if (!isWhole) throw fail("SG_SATELLITE_CATALOGUE", `${name} answered with more than ${size}`);
  const text = new TextDecoder().decode(body);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const copy = new Response(text, { status, headers: response.headers });
    throw fail(
      "SG_SATELLITE_CATALOGUE",
      `${name} answered with something that is no JSON: ${await describeAnswer(copy)}`,
      {
        cause: error,
      },
    );
  }
}
