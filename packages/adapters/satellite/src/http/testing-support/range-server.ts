import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A file that may not exist anywhere: bytes on demand. */
export interface ServedFile {
  readonly sizeBytes: number;
  bytes(offset: number, lengthBytes: number): Uint8Array;
}

/** How a server behaves. */
export type Manner =
  | "ranges"
  /** Sends everything, 200. */
  | "ignores"
  /** 206 with bytes from elsewhere. */
  | "shifted"
  /** 206 with fewer bytes than it says. */
  | "short"
  /** Another version of the file at every answer. */
  | "changing"
  | "unauthorized"
  | "missing"
  | "html"
  | "failing";

export interface RangeServer extends AsyncDisposable {
  readonly href: string;
  readonly requests: { readonly range: string; readonly bytes: number }[];
  manner: Manner;
  /** Answers that fail before the others. */
  failures: number;
}

/** Serves one file at /scene.tif on a free port of this machine. */
export async function startRangeServer(file: ServedFile, manner: Manner = "ranges"): Promise<RangeServer> {
  const requests: { range: string; bytes: number }[] = [];
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const served: RangeServer = {
    href: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scene.tif?signature=secret`, // it listens
    requests,
    manner,
    failures: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const range = request.headers.range ?? "";
    const [, startText, endText] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    const start = Number(startText);
    const end = Math.min(Number(endText), file.sizeBytes - 1);
    const say = (status: number, text: string): void => {
      requests.push({ range, bytes: text.length });
      response.writeHead(status, { "content-type": "text/html" }).end(text);
    };
    if (served.failures > 0) {
      served.failures -= 1;
      return say(503, "busy");
    }
    switch (served.manner) {
      case "unauthorized":
        return say(401, "<html><title>Please log in</title></html>");
      case "missing":
        return say(404, "NoSuchKey");
      case "failing":
        return say(500, "<h1>Oops</h1>");
      case "html":
        return say(200, "<html><body>Welcome to our portal</body></html>");
      case "ignores": {
        const all = file.bytes(0, file.sizeBytes);
        requests.push({ range, bytes: all.length });
        response.writeHead(200, { "content-length": all.length }).end(all);
        return;
      }
      default:
    }
    if (start >= file.sizeBytes) {
      requests.push({ range, bytes: 0 });
      response.writeHead(416, { "content-range": `bytes */${file.sizeBytes}` }).end();
      return;
    }
    const from = served.manner === "shifted" ? start + 7 : start;
    const body = file.bytes(from, end - start + 1 - (served.manner === "short" ? 5 : 0));
    requests.push({ range, bytes: body.length });
    response
      .writeHead(206, {
        "content-range": `bytes ${from}-${from + end - start}/${file.sizeBytes}`,
        "content-length": body.length,
        ...(served.manner === "changing" ? { etag: `"${requests.length}"` } : { etag: '"1"' }),
      })
      .end(body);
  }
  return served;
}

export async function servedBlob(blob: Blob): Promise<ServedFile> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return { sizeBytes: bytes.length, bytes: (offset, lengthBytes) => bytes.subarray(offset, offset + lengthBytes) };
}
