import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { fail } from "../errors/server-errors.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { createApp } from "./app.ts";
import { acceptUpgrades } from "./live/upgrade.ts";
import { problemMediaType, toProblem } from "./problem.ts";

export interface RunningServer {
  /** "http://127.0.0.1:8080" */
  readonly url: string;
  /**
   * Ends in order: readiness says no, then connections are refused, then requests in flight get their grace period,
   * then they are aborted. False when some had to be.
   */
  stop(options?: { readonly announceMs?: number | undefined }): Promise<boolean>;
}

/** Longer than the usual load balancer keeps an idle connection, so that it is never the server who closes first. */
const keepAliveMs = 65_000;

/** Time to send a whole request: a slow line may carry a big scan, a hostile one must not hold a connection for ever. */
const leastRequestMs = 300_000;

/** Listens. Throws SG_SERVER_LISTEN. */
export async function startServer(gateway: Gateway): Promise<RunningServer> {
  const { host, port } = gateway.config.server;
  const app = createApp(gateway);
  const listener = getRequestListener(app.fetch, { hostname: host, errorHandler: malformedRequest });
  const server = createServer(
    { keepAliveTimeout: keepAliveMs, requestTimeout: Math.max(leastRequestMs, gateway.config.limits.maxRunMs) },
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
  // "Expect: 100-continue" is answered when the body is first read: a refused request is never sent.
  server.on(
    "checkContinue",
    (incoming: IncomingMessage, outgoing: ServerResponse) => void listener(incoming, outgoing),
  );
  server.on("clientError", answerClientError);
  acceptUpgrades(server, gateway);
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    throw fail(
      "SG_SERVER_LISTEN",
      `Cannot listen on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  const url = addressUrl(server);
  if (gateway.url === "") gateway.url = url;
  gateway.lifecycle.state = "ready";
  await gateway.jobs.start();
  return { url, stop: (options) => stop(gateway, server, options?.announceMs ?? gateway.config.server.announceMs) };
}

async function stop(gateway: Gateway, server: Server, announceMs: number): Promise<boolean> {
  const { lifecycle, config } = gateway;
  if (lifecycle.state !== "ready") return true;
  lifecycle.state = "announcing";
  if (announceMs > 0) await pause(announceMs);
  lifecycle.state = "draining";
  server.close();
  const jobsStopped = gateway.jobs.stop({ drainMs: config.server.graceMs });
  const drained = await within(lifecycle.idle(), config.server.graceMs);
  if (!drained) {
    lifecycle.abortAll(
      fail("SG_HTTP_DRAINING", `The gateway shut down ${config.server.graceMs} ms after it was told to`),
    );
    await within(lifecycle.idle(), abortedMs);
  }
  await jobsStopped;
  server.closeAllConnections();
  lifecycle.state = "closed";
  return drained;
}

/** What aborted requests get to say so to their clients. */
const abortedMs = 2000;

async function within(work: Promise<void>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([work.then(() => true), pause(ms, false, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

function addressUrl(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo; // a TCP server that listens
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/** What node-server cannot make a request of: a missing or impossible Host header, a broken path. */
function malformedRequest(cause: unknown): Response {
  const problem = toProblem(
    fail("SG_HTTP_MALFORMED", cause instanceof Error ? cause.message : "The request cannot be read", { cause }),
    randomUUID(),
  );
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": problemMediaType },
  });
}

/** What is not even HTTP never reaches the application; it still gets a problem. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const tooLong = error.code === "HPE_HEADER_OVERFLOW";
  const problem = toProblem(
    fail("SG_HTTP_MALFORMED", tooLong ? "The headers are longer than 16 KiB" : "The request is not well-formed HTTP"),
    randomUUID(),
  );
  const status = tooLong
    ? "431 Request Header Fields Too Large"
    : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? "408 Request Timeout"
      : "400 Bad Request";
  const body = JSON.stringify({ ...problem, status: Number.parseInt(status, 10) });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: ${problemMediaType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
