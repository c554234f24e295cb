import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { fail } from "../../errors/server-errors.ts";

/** What is hashed together with the client's key (RFC 6455, 1.3). */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** 16 bytes in base64. */
const keyPattern = /^[A-Za-z0-9+/]{21}[AQgw]==$/;

/** Whether a request wants a WebSocket, and nothing else that one may upgrade to. */
export function wantsWebSocket({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return (headers.upgrade ?? "").split(",").some((protocol) => protocol.trim().toLowerCase() === "websocket");
}

/**
 * The answer to a handshake (RFC 6455, 4.2.2) as the lines of its head. `protocol` is the subprotocol chosen of those that
 * the client offers. Throws SG_HTTP_MALFORMED.
 */
export function answerHandshake(
  { method, headers }: Pick<IncomingMessage, "method" | "headers">,
  protocol: string | undefined,
): string {
  const key = headers["sec-websocket-key"] ?? "";
  if (method !== "GET") throw fail("SG_HTTP_MALFORMED", `A WebSocket is opened with GET, not ${method ?? ""}`);
  if (headers["sec-websocket-version"] !== "13")
    throw fail("SG_HTTP_MALFORMED", "The version of the WebSocket protocol is not 13", {
      hint: "Send Sec-WebSocket-Version: 13.",
    });
  if (!keyPattern.test(key)) throw fail("SG_HTTP_MALFORMED", "Sec-WebSocket-Key is not 16 bytes in base64");
  return [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${createHash("sha1").update(`${key}${GUID}`).digest("base64")}`,
    ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    "",
    "",
  ].join("\r\n");
}

/** Subprotocols that a client offers. */
export function offeredProtocols({ headers }: Pick<IncomingMessage, "headers">): readonly string[] {
  return (headers["sec-websocket-protocol"] ?? "")
    .split(",")
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== "");
}
