import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fail } from "../../errors/server-errors.ts";
import type { Exchange } from "../exchange.ts";

/** assets/ lies beside both src/ and dist/. */
const own = new URL("../../../assets/map/", import.meta.url);

/** Files of the page by the name it asks for: our own, and Leaflet's as its package has them. */
const files: Readonly<Record<string, { readonly path: () => string; readonly type: string }>> = {
  "map.js": { path: () => fileURLToPath(new URL("map.js", own)), type: "text/javascript; charset=utf-8" },
  "map.css": { path: () => fileURLToPath(new URL("map.css", own)), type: "text/css; charset=utf-8" },
  "leaflet.js": { path: () => fromPackage("leaflet/dist/leaflet.js"), type: "text/javascript; charset=utf-8" },
  "leaflet.css": { path: () => fromPackage("leaflet/dist/leaflet.css"), type: "text/css; charset=utf-8" },
};

/** Only our own origin: there are no tiles of others, and what an alert says stays text. */
const pageHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

/** `GET /watches`: a map of what is watched, its alerts over time; works offline. */
export async function mapPage(exchange: Exchange): Promise<Response> {
  return exchange.respond(
    200,
    await readFile(new URL("index.html", own), "utf8"),
    "text/html; charset=utf-8",
    pageHeaders,
  );
}

export async function mapAsset(exchange: Exchange): Promise<Response> {
  const name = exchange.context.req.param("file") ?? "";
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file === undefined) throw fail("SG_HTTP_NOT_FOUND", `There is nothing at ${exchange.context.req.path}`);
  return exchange.respond(200, await readFile(file.path(), "utf8"), file.type, pageHeaders);
}

function fromPackage(path: string): string {
  return fileURLToPath(import.meta.resolve(path));
}
