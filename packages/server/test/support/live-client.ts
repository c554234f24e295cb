import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";

/** An event of a live session, or how the connection ended. */
export type LiveEvent = { readonly type: string } & Record<string, unknown>;

export interface LiveClient {
  readonly socket: WebSocket;
  /** Events so far. */
  readonly events: readonly LiveEvent[];
  /** Resolves with the first event of a type. */
  event(type: string): Promise<LiveEvent>;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<{ readonly code: number; readonly wasClean: boolean }>;
}

/** Opens a live session with Node's own client. */
export async function openLive(url: string, path: string, protocols: string[] = []): Promise<LiveClient> {
  const socket = new WebSocket(new URL(path, url.replace("http", "ws")), protocols);
  const events: LiveEvent[] = [];
  const waiting = new Map<string, (event: LiveEvent) => void>();
  socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
    const event = JSON.parse(data) as LiveEvent;
    events.push(event);
    waiting.get(event.type)?.(event);
  });
  const closed = new Promise<{ code: number; wasClean: boolean }>((resolve) => {
    socket.addEventListener("close", ({ code, wasClean }) => resolve({ code, wasClean }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new TypeError("The handshake failed")));
  });
  return {
    socket,
    events,
    closed,
    event: (type) => {
      const found = events.find((event) => event.type === type);
      return found === undefined ? new Promise((resolve) => waiting.set(type, resolve)) : Promise.resolve(found);
    },
  };
}

/** What a handshake is answered with that is not granted. */
export async function refusedHandshake(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number | undefined; readonly problem: Record<string, unknown> }> {
  const asked = request(new URL(path, url), {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    },
  }).end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode,
    problem: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
  };
}

/** A client by hand: the handshake of RFC 6455, 1.3, and nothing after that. */
export async function openByHand(
  url: string,
  path: string,
): Promise<{ readonly socket: Socket; readonly head: string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  const [head] = (await once(socket, "data")) as [Buffer];
  return { socket, head: head.toString("latin1") };
}
