import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { isLoopback } from "../../auth/access.ts";
import { fail } from "../../errors/server-errors.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import { liveTranscription, livePipeline, type LiveGoal, type LiveQuery } from "../../live/live-order.ts";
import { readPcmFormat } from "../../live/pcm-format.ts";
import { problemMediaType, toProblem } from "../problem.ts";
import { answerHandshake, offeredProtocols } from "../websocket/handshake.ts";
import { WebSocketConnection } from "../websocket/websocket.ts";
import { LiveSession, type LiveRequest } from "./live-session.ts";

/** Subprotocol of live sessions, and how a page hands over its key: pages cannot set headers of a WebSocket. */
const PROTOCOL = "stargate";
const KEY_PROTOCOL = "stargate.key.";

/** Paths of WebSockets. */
const routes: readonly {
  readonly route: string;
  readonly path: RegExp;
  goal(gateway: Gateway, query: LiveQuery, name: string): LiveGoal;
}[] = [
  { route: "/v1/audio/live", path: /^\/v1\/audio\/live$/, goal: liveTranscription },
  {
    route: "/v1/pipelines/:name/live",
    path: /^\/v1\/pipelines\/([^/]+)\/live$/,
    goal: (gateway, _query, name) => livePipeline(gateway, name),
  },
];

/** How many live sessions a gateway has. */
const sessions = new WeakMap<Gateway, Set<LiveSession>>();

/** Takes a WebSocket, or says in HTTP why not. */
export async function acceptLive(
  gateway: Gateway,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const requestId = randomUUID();
  socket.on("error", () => socket.destroy());
  let session: LiveSession;
  try {
    const request = readRequest(gateway, incoming, requestId);
    const answer = answerHandshake(incoming, offeredProtocols(incoming).includes(PROTOCOL) ? PROTOCOL : undefined);
    socket.write(answer);
    const { maxMessageBytes, maxWaitingBytes } = gateway.config.live;
    const connection = new WebSocketConnection(socket, head, {
      clock: gateway.host.clock,
      maxMessageBytes,
      maxWaitingBytes,
    });
    session = new LiveSession(gateway, request, connection);
  } catch (error) {
    return refuse(gateway, socket, error, requestId);
  }
  const open = sessionsOf(gateway);
  open.add(session);
  await session.run();
  open.delete(session);
}

function readRequest(gateway: Gateway, incoming: IncomingMessage, requestId: string): LiveRequest {
  const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://gateway");
  const query: LiveQuery = { get: (name) => searchParams.get(name) ?? undefined };
  const found = routes.find(({ path }) => path.test(pathname));
  if (found === undefined) throw fail("SG_HTTP_NOT_FOUND", `There is no WebSocket at ${pathname}`);
  const tenant = admit(gateway, incoming);
  const name = decodeURIComponent(found.path.exec(pathname)?.[1] ?? "");
  return {
    route: found.route,
    requestId,
    tenant,
    goal: found.goal(gateway, query, name),
    format: readPcmFormat({
      encoding: query.get("encoding"),
      rate: query.get("rate"),
      channels: query.get("channels"),
    }),
  };
}

function admit(gateway: Gateway, incoming: IncomingMessage): string {
  const { access, config, lifecycle } = gateway;
  const key = offeredProtocols(incoming).find((protocol) => protocol.startsWith(KEY_PROTOCOL));
  const authorization =
    incoming.headers.authorization ?? (key === undefined ? undefined : `Bearer ${key.slice(KEY_PROTOCOL.length)}`);
  const tenant = access.admit({ ...incoming.headers, ...(authorization !== undefined && { authorization }) });
  // Without keys a page of any site could open a WebSocket to this machine: browsers do not hold these back.
  if (!access.required) refuseOtherPages(incoming.headers.origin);
  if (lifecycle.state !== "ready") throw fail("SG_HTTP_DRAINING", "The gateway is about to end");
  if (sessionsOf(gateway).size >= config.live.maxSessions || lifecycle.inFlight >= config.limits.maxConcurrentRequests)
    throw fail("SG_HTTP_BUSY", `The gateway has as many live sessions or requests as it may (live.maxSessions)`);
  return tenant;
}

function refuseOtherPages(origin: string | undefined): void {
  if (origin === undefined) return;
  const { hostname = "" } = URL.parse(origin) ?? {};
  if (!isLoopback(hostname) && !hostname.endsWith(".localhost"))
    throw fail("SG_AUTH_ORIGIN", "This gateway runs without keys and does not answer pages of other sites");
}

function refuse(gateway: Gateway, socket: Duplex, error: unknown, requestId: string): void {
  const problem = toProblem(error, requestId);
  const body = JSON.stringify(problem);
  gateway.log.info({ requestId, status: problem.status, code: problem.code }, "live session refused");
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      `Content-Type: ${problemMediaType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Connection: close",
      ...(problem.status === 401 ? ['WWW-Authenticate: Bearer realm="stargate"'] : []),
      "",
      body,
    ].join("\r\n"),
  );
}

function sessionsOf(gateway: Gateway): Set<LiveSession> {
  let open = sessions.get(gateway);
  if (open === undefined) sessions.set(gateway, (open = new Set()));
  return open;
}
