import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the server treats one file. */
export interface Served {
  body: Buffer;
  /** Default: a strong ETag of the content. null: none, and no date. */
  etag?: string | null;
  /** false: ranges are ignored, as by a plain script. */
  ranges?: boolean;
  /** Answers with these first, one per request. */
  statuses?: { status: number; headers?: Record<string, string> }[];
  /**
   * Ends the connection after so many bytes of an answer, one per request; then serves whole ones. Waits until `received`
   * has told of them: what is still on the way when a connection ends is lost.
   */
  cuts?: number[];
  /** Sends so many bytes of an answer and then nothing, until the connection ends. One per request. */
  stalls?: number[];
  /** Sends no content-length. */
  chunked?: boolean;
}

/** What was asked for. */
export interface Asked {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

export interface ModelServer extends AsyncDisposable {
  readonly files: Map<string, Served>;
  readonly asked: Asked[];
  /** Bytes of bodies sent. */
  readonly sentBytes: () => number;
  url(path: string): string;
  /** The client has so many bytes of the file now. */
  received(doneBytes: number): void;
  /** Resolves when an answer has come to its stall. */
  stalled(): Promise<unknown>;
}

/** A real HTTP server that serves model files as badly as it is told to. */
export async function startModelServer(): Promise<ModelServer> {
  const files = new Map<string, Served>();
  const asked: Asked[] = [];
  const events = new EventEmitter();
  let sentBytes = 0;

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "";
    asked.push({ path, range: request.headers.range, ifRange: request.headers["if-range"] as string | undefined });
    const file = files.get(path);
    if (file === undefined) return void response.writeHead(404).end("no such file");
    const status = file.statuses?.shift();
    if (status !== undefined) return void response.writeHead(status.status, status.headers).end();
    const etag = file.etag === undefined ? `"${sha256Of(file.body).slice(0, 16)}"` : file.etag;
    const { start, isPart } = rangeOf(request, file, etag);
    const body = file.body.subarray(start);
    if (isPart && start >= file.body.length)
      return void response.writeHead(416, { "content-range": `bytes */${file.body.length}` }).end();
    response.writeHead(isPart ? 206 : 200, {
      ...(etag === null ? {} : { etag }),
      ...(file.chunked === true ? {} : { "content-length": body.length }),
      ...(isPart ? { "content-range": `bytes ${start}-${file.body.length - 1}/${file.body.length}` } : {}),
    });
    const cut = file.cuts?.shift();
    const stall = file.stalls?.shift();
    const part = body.subarray(0, cut ?? stall ?? body.length);
    sentBytes += part.length;
    if (cut !== undefined) cutAfter(part, start + part.length, response);
    else if (stall !== undefined) response.write(part, () => events.emit("stalled"));
    else response.end(part);
  }

  function cutAfter(part: Buffer, endBytes: number, response: ServerResponse): void {
    const onReceived = (doneBytes: number): void => {
      if (doneBytes < endBytes) return;
      events.off("received", onReceived);
      response.socket?.destroy();
    };
    events.on("received", onReceived);
    response.write(part);
  }

  const server = createServer(serve).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    files,
    asked,
    sentBytes: () => sentBytes,
    url: (path) => `http://127.0.0.1:${port}${path}`,
    received: (doneBytes) => void events.emit("received", doneBytes),
    stalled: () => once(events, "stalled"),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function rangeOf(request: IncomingMessage, file: Served, etag: string | null) {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1]);
  const ifRange = request.headers["if-range"];
  const isPart = file.ranges !== false && !Number.isNaN(start) && (ifRange === undefined || ifRange === etag);
  return { start: isPart ? start : 0, isPart };
}

export function sha256Of(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}
