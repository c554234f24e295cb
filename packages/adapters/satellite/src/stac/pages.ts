import { canonicalJson, isStargateError, type Json, type JsonObject } from "@stargate/kernel";
import { publicAddress } from "../http/describe-answer.ts";
import { fail } from "../satellite-errors.ts";
import { fetchDocument, type StacContext } from "./fetch-document.ts";
import type { SearchTarget } from "./find-search.ts";
import { itemCollectionSchema, itemSchema, type StacLink } from "./stac-schema.ts";

/** More pages than this are no answer. */
const MAX_PAGES = 1000;

/** Pages in a row that bring nothing new; some servers end with an empty one. */
const MAX_STALE_PAGES = 3;

export interface Page {
  readonly items: readonly unknown[];
  readonly address: string;
}

interface Ask {
  readonly address: string;
  /** Undefined for GET. */
  readonly body: JsonObject | undefined;
}

/**
 * Pages of a search, by their links. Throws SG_SATELLITE_CATALOGUE for answers that are no item collection and for pages
 * that go in a circle, repeat what they said, or do not end.
 */
export async function* pages(target: SearchTarget, wanted: JsonObject, context: StacContext): AsyncGenerator<Page> {
  const first = await askFirst(target, wanted, context);
  const asked = new Set([keyOf(first.ask)]);
  const known = new Set<string>();
  let { ask, value } = first;
  let stale = 0;
  for (let page = 1; ; page++) {
    const { items, next } = readPage(value, ask, wanted);
    const fresh = items.filter((item) => isNew(item, known));
    yield { items: fresh, address: ask.address };
    if (next === undefined) return;
    stale = fresh.length === 0 ? stale + 1 : 0;
    const name = publicAddress(ask.address);
    if (asked.has(keyOf(next)))
      throw fail("SG_SATELLITE_CATALOGUE", `${name} pages in a circle: page ${page} leads back`);
    if (stale >= MAX_STALE_PAGES)
      throw fail("SG_SATELLITE_CATALOGUE", `${name} pages without an end: ${stale} pages brought nothing new`);
    if (page >= MAX_PAGES) throw fail("SG_SATELLITE_CATALOGUE", `${name} pages without an end: ${page} so far`);
    asked.add(keyOf(next));
    ask = next;
    value = await fetchDocument(ask.address, { ...context, body: ask.body });
  }
}

const keyOf = ({ address, body }: Ask): string => `${address} ${canonicalJson(body ?? null)}`;

/** A server that does not take POST is asked by GET. */
async function askFirst(
  target: SearchTarget,
  wanted: JsonObject,
  context: StacContext,
): Promise<{ readonly ask: Ask; readonly value: unknown }> {
  const { address, method } = target;
  const byGet: Ask = { address: method === "fixed" ? address : withQuery(address, wanted), body: undefined };
  if (method === "POST") {
    try {
      const value = await fetchDocument(address, { ...context, body: wanted });
      return { ask: { address, body: wanted }, value };
    } catch (error) {
      const status = isStargateError(error) ? error.details["status"] : undefined;
      if (status !== 404 && status !== 405 && status !== 415 && status !== 501) throw error;
    }
  }
  return { ask: byGet, value: await fetchDocument(byGet.address, context) };
}

function withQuery(address: string, wanted: JsonObject): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(wanted)) {
    const isList = (name === "bbox" || name === "collections") && Array.isArray(value);
    url.searchParams.set(name, isList ? value.join(",") : typeof value === "string" ? value : JSON.stringify(value));
  }
  return url.href;
}

function readPage(
  value: unknown,
  ask: Ask,
  wanted: JsonObject,
): { readonly items: readonly unknown[]; readonly next?: Ask } {
  if (itemSchema.safeParse(value).success) return { items: [value] };
  const collection = itemCollectionSchema.safeParse(value);
  if (!collection.success) {
    const said =
      typeof value === "object" && value !== null ? Object.keys(value).slice(0, 6).join(", ") : String(value);
    throw fail(
      "SG_SATELLITE_CATALOGUE",
      `${publicAddress(ask.address)} answered with no item collection (fields: ${said})`,
    );
  }
  const link = collection.data.links.find(({ rel }) => rel === "next");
  return link === undefined
    ? { items: collection.data.features }
    : { items: collection.data.features, next: follow(link, ask, wanted) };
}

/** STAC API 1.0, pagination: a link may name method and body; `merge` adds to what was asked. */
function follow({ href, method, body, merge }: StacLink, ask: Ask, wanted: JsonObject): Ask {
  const address = new URL(href, ask.address).href;
  const isPost = method === undefined ? body !== undefined : method.toUpperCase() === "POST";
  if (!isPost) return { address, body: undefined };
  const added = (body ?? {}) as Record<string, Json>; // parsed as JSON
  return { address, body: merge === true ? { ...(ask.body ?? wanted), ...added } : added };
}

function isNew(item: unknown, known: Set<string>): boolean {
  const id = typeof item === "object" && item !== null && "id" in item ? String(item.id) : JSON.stringify(item);
  const collection = typeof item === "object" && item !== null && "collection" in item ? String(item.collection) : "";
  const key = `${collection} ${id}`;
  if (known.has(key)) return false;
  known.add(key);
  return true;
}
