import { negotiateEncoding } from "@stargate/kernel";
import { envelopeMediaType } from "../gateway/envelope.ts";
import { eventStreamMediaType } from "./events/event-stream.ts";
import type { Exchange } from "./exchange.ts";

/** Whether the client asked for output and receipt in one JSON document. */
export function wantsEnvelope(accept: string | undefined): boolean {
  return names(accept, envelopeMediaType);
}

/** Whether the client asked to be told of the run while it runs, as server-sent events. */
export function wantsEvents(accept: string | undefined): boolean {
  return names(accept, eventStreamMediaType);
}

function names(accept: string | undefined, mediaType: string): boolean {
  if (accept === undefined || !accept.includes(mediaType)) return false;
  return accept.split(",").some((range) => {
    const [type, ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    return type === mediaType && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/**
 * Refuses an encoding the output cannot have, before the body is read and the work is done.
 * `port` is "text" or "many(text)". Throws SG_OUTPUT_NOT_ACCEPTABLE.
 */
export function checkAccept(exchange: Exchange, port: string): void {
  const { accept } = exchange.incoming.headers;
  if (accept === undefined || accept === "*/*" || wantsEnvelope(accept) || wantsEvents(accept)) return;
  negotiateEncoding(exchange.gateway.gate.registry, port, accept);
}
