import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Grid } from "@stargate/adapter-satellite";
import { type ForestScene, sceneFiles } from "./forest-scenes.ts";

/** A STAC API with its files, on a free loopback port: search by date with paging, files by ranges. */
export interface StacServer extends AsyncDisposable {
  /** Root of the API. */
  readonly url: string;
  /** Publishes further scenes, all at once. */
  publish(scenes: Iterable<ForestScene>, options?: PublishOptions): Promise<void>;
  /** Times each file was asked for, by its name. */
  readonly reads: ReadonlyMap<string, number>;
  /** Answers instead of the server's own, while it is set: outages, lies. */
  outage: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
}

export interface PublishedItem {
  readonly id: string;
  readonly properties: { readonly datetime: string };
  readonly assets: Record<string, { href: string }>;
}

export interface PublishOptions {
  /** Pixels the scenes lie on. Default: those of the forest. */
  readonly grid?: Grid | undefined;
  /** Gives the item to publish; `files` are all there are, by name. */
  readonly change?: ((item: PublishedItem, files: Map<string, Uint8Array>) => PublishedItem) | undefined;
}

const PAGE_ITEMS = 40;

export async function startStacServer(): Promise<StacServer> {
  const items: PublishedItem[] = [];
  const files = new Map<string, Uint8Array>();
  const reads = new Map<string, number>();
  let url = "";
  const server = createServer((request, response) => {
    if (stac.outage?.(request, response) === true) return;
    void answer(request, response);
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = new URL(request.url ?? "/", url);
    if (address.pathname === "/stac") return sendJson(response, root(url));
    if (address.pathname === "/stac/search") return sendJson(response, page(await bodyOf(request), { items, url }));
    const name = address.pathname.slice("/files/".length);
    const file = files.get(name);
    if (file === undefined) return void response.writeHead(404).end();
    reads.set(name, (reads.get(name) ?? 0) + 1);
    sendRange(request, response, file);
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stac: StacServer = {
    url: `${url}/stac`,
    reads,
    outage: undefined,
    async publish(scenes, { grid, change } = {}) {
      const fresh: PublishedItem[] = [];
      for (const scene of scenes)
        for (const [name, content] of await sceneFiles(scene, `${url}/files/`, grid))
          if (typeof content === "string") fresh.push(JSON.parse(content) as PublishedItem);
          else files.set(name, content);
      items.push(...fresh.map((item) => change?.(item, files) ?? item)); // at once: no search sees a part of them
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return stac;
}

const root = (url: string): object => ({
  type: "Catalog",
  stac_version: "1.0.0",
  id: "forest",
  description: "A forest",
  conformsTo: ["https://api.stacspec.org/v1.0.0/item-search"],
  links: [{ rel: "search", href: `${url}/stac/search`, method: "POST", type: "application/geo+json" }],
});

interface Search {
  readonly datetime?: string;
  readonly limit?: number;
  readonly page?: number;
}

function page(
  search: Search,
  { items, url }: { readonly items: readonly PublishedItem[]; readonly url: string },
): object {
  const [from = "..", to = ".."] = (search.datetime ?? "../..").split("/");
  const found = items.filter(
    ({ properties: { datetime } }) =>
      (from === ".." || Date.parse(datetime) >= Date.parse(from)) &&
      (to === ".." || Date.parse(datetime) <= Date.parse(to)),
  );
  const number = search.page ?? 0;
  const rest = found.slice((number + 1) * PAGE_ITEMS);
  return {
    type: "FeatureCollection",
    features: found.slice(number * PAGE_ITEMS, (number + 1) * PAGE_ITEMS),
    links:
      rest.length === 0
        ? []
        : [{ rel: "next", href: `${url}/stac/search`, method: "POST", merge: true, body: { page: number + 1 } }],
  };
}

async function bodyOf(request: IncomingMessage): Promise<Search> {
  const parts = await Array.fromAsync(request as AsyncIterable<Buffer>);
  return parts.length === 0 ? {} : (JSON.parse(Buffer.concat(parts).toString("utf8")) as Search);
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { "content-type": "application/geo+json" }).end(JSON.stringify(value));
}

function sendRange(request: IncomingMessage, response: ServerResponse, file: Uint8Array): void {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (first === undefined) return void response.writeHead(200, { "content-length": file.length }).end(file);
  const end = Math.min(last === "" || last === undefined ? file.length - 1 : Number(last), file.length - 1);
  const part = file.subarray(Number(first), end + 1);
  response
    .writeHead(206, { "content-range": `bytes ${first}-${end}/${file.length}`, "content-length": part.length })
    .end(part);
}
