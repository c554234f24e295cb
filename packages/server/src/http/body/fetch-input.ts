import { fail } from "../../errors/server-errors.ts";
import type { Exchange } from "../exchange.ts";
import { essence } from "./media-type.ts";

/**
 * Fetches an input by URL through the host's gated fetch, which enforces the operator's list of hosts, private address
 * ranges, sizes and times. Off unless the configuration allows it. Throws SG_HTTP_DISABLED, SG_FETCH_DENIED.
 */
export async function fetchUrlInput(exchange: Exchange, url: string): Promise<Blob> {
  if (!exchange.gateway.config.allow.urlInputs) {
    throw fail("SG_HTTP_DISABLED", "This gateway does not fetch inputs by URL (allow.urlInputs)", {
      hint: "Download the file and send its bytes, or ask the operator to set allow.urlInputs and allow.hosts.",
    });
  }
  const response = await exchange.gateway.host.fetch(url, { signal: exchange.signal });
  if (!response.ok) throw fail("SG_HTTP_BODY", `The server of the input's URL answered ${response.status}`);
  const blob = await response.blob();
  return blob.slice(0, blob.size, essence(response.headers.get("content-type") ?? undefined));
}
