import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}

/** Status, media type and document (or text) of an answer. */
export type Answer = { readonly status?: number; readonly document?: unknown; readonly text?: string };

export interface CatalogueServer extends AsyncDisposable {
  readonly root: string;
  readonly asked: readonly Asked[];
}

/** A catalogue on a free port of this machine, as a function of what it is asked. */
export async function startCatalogue(reply: (asked: Asked, root: string) => Answer): Promise<CatalogueServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = request.method === "POST" ? await json(request) : undefined;
    const one = { method: request.method ?? "GET", url: new URL(request.url ?? "/", root), body };
    asked.push(one);
    const { status = 200, document, text } = reply(one, root);
    response
      .writeHead(status, { "content-type": text === undefined ? "application/geo+json" : "text/html" })
      .end(text ?? JSON.stringify(document));
  }

  return {
    root,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** A scene of Sentinel-2 as Earth Search describes it. */
export function itemOf(id: string, datetime: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: "Feature",
    stac_version: "1.0.0",
    id,
    collection: "sentinel-2-l2a",
    bbox: [14, 45, 15, 46],
    properties: { datetime, "proj:epsg": 32_633, "eo:cloud_cover": 10, "s2:processing_baseline": "05.09", ...more },
    links: [],
    assets: {
      red: { href: "https://data.example/B04.tif", type: "image/tiff; application=geotiff" },
      scl: { href: "./SCL.tif", type: "image/tiff; application=geotiff", "raster:bands": [{ nodata: 0 }] },
      thumbnail: { href: "https://data.example/t.jpg", type: "image/jpeg", roles: ["thumbnail"] },
    },
  };
}
