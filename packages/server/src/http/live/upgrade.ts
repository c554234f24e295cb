import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Gateway } from "../../gateway/gateway.ts";
import { wantsWebSocket } from "../websocket/handshake.ts";
import { acceptLive } from "./accept-live.ts";

/**
 * Lets a server take WebSockets. A server that listens for upgrades gets them all, those to HTTP/2 in the clear that some
 * clients (Java's, curl --http2) offer with every request, too: RFC 9110, 7.8 lets a server ignore them.
 */
export function acceptUpgrades(server: Server, gateway: Gateway): void {
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (wantsWebSocket(incoming)) return void acceptLive(gateway, incoming, socket, head);
    answerAsUsual(server, incoming, socket, head);
  });
}

/** Has the request read again, as one that asks for no upgrade: its body has not been read yet. */
function answerAsUsual(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${method ?? "GET"} ${url ?? "/"} HTTP/${httpVersion}`];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (!/^(?:upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${rawHeaders[index + 1] ?? ""}`);
  }
  socket.unshift(head);
  socket.unshift(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
  server.emit("connection", socket);
}
