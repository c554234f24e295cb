import { readFile } from "node:fs/promises";
import type { Exchange } from "../exchange.ts";

/** assets/ lies beside both src/ and dist/. */
const folder = new URL("../../../assets/docs/", import.meta.url);

/** Only our own files, only our own origin: a description with markup in it stays text. */
const pageHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

/** `GET /docs`: draws /openapi.json, works offline, tries every operation. */
export async function docsPage(exchange: Exchange): Promise<Response> {
  return exchange.respond(200, await asset("index.html"), "text/html; charset=utf-8", pageHeaders);
}

export async function docsStyle(exchange: Exchange): Promise<Response> {
  return exchange.respond(200, await asset("docs.css"), "text/css; charset=utf-8", pageHeaders);
}

export async function docsScript(exchange: Exchange): Promise<Response> {
  return exchange.respond(200, await asset("docs.js"), "text/javascript; charset=utf-8", pageHeaders);
}

function asset(name: string): Promise<string> {
  return readFile(new URL(name, folder), "utf8");
}
