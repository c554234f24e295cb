import { z } from "zod";
import { publicAddress } from "../http/describe-answer.ts";
import { fail } from "../satellite-errors.ts";
import { fetchDocument, type StacContext } from "./fetch-document.ts";
import { itemCollectionSchema, itemSchema } from "./stac-schema.ts";

/** How a catalogue is asked. */
export interface SearchTarget {
  readonly address: string;
  /** "POST" first; "fixed" is a document that already holds the items. */
  readonly method: "POST" | "GET" | "fixed";
  /** Whether the server can leave out cloudy scenes itself (query extension). */
  readonly filters: boolean;
}

const landingSchema = z.looseObject({
  type: z.string().optional(),
  conformsTo: z.array(z.string()).optional().catch(undefined),
  links: z.array(z.looseObject({ rel: z.string(), href: z.string(), method: z.string().optional() })).default([]),
});

/**
 * Finds out how an address is to be asked: the search of an API by its landing page, or a document of items. Throws
 * SG_SATELLITE_CATALOGUE for what is neither.
 */
export async function findSearch(url: string, context: StacContext): Promise<SearchTarget> {
  if (/\/search\/?(?:\?|$)/.test(url)) return { address: url, method: "POST", filters: true };
  const document = await fetchDocument(url, context);
  if (itemSchema.safeParse(document).success || itemCollectionSchema.safeParse(document).success)
    return { address: url, method: "fixed", filters: false };
  const landing = landingSchema.safeParse(document);
  const links = landing.success ? landing.data.links : [];
  const searches = links.filter(({ rel }) => rel === "search");
  const chosen = searches.find(({ method }) => method?.toUpperCase() === "POST") ?? searches[0];
  if (chosen !== undefined) {
    const conforms = landing.success ? (landing.data.conformsTo ?? []) : [];
    return {
      address: new URL(chosen.href, url).href,
      // Without a method a link is one to follow; APIs before 1.0 meant both.
      method: chosen.method?.toUpperCase() === "GET" ? "GET" : "POST",
      filters: conforms.length === 0 || conforms.some((name) => name.endsWith("item-search#query")),
    };
  }
  const items = links.find(({ rel }) => rel === "items");
  if (items !== undefined) return { address: new URL(items.href, url).href, method: "GET", filters: false };
  throw fail(
    "SG_SATELLITE_CATALOGUE",
    `${publicAddress(url)} is no STAC API: it has no link to a search (links: ${links.map(({ rel }) => rel).join(", ") || "none"})`,
  );
}
