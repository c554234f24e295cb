import { isStargateError, type JsonObject } from "@stargate/kernel";
import { publicAddress } from "../http/describe-answer.ts";
import type { Geometry } from "../modalities/features/features-schema.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import type { RasterSeries } from "../modalities/raster-series/raster-series.ts";
import type { StacContext } from "./fetch-document.ts";
import { findSearch } from "./find-search.ts";
import { pages } from "./pages.ts";
import { parseItem } from "./parse-item.ts";
import { rasterOfItem } from "./raster-of-item.ts";
import { remoteSource } from "./remote-source.ts";
import { sortedByTime } from "./sorted-by-time.ts";
import { withoutSuperseded } from "./without-superseded.ts";
import type { StacItem } from "./stac-schema.ts";

/** West, south, east, north in degrees. */
export type BoundingBox = readonly [number, number, number, number];

export interface SceneQuery {
  /** Root of a STAC API, its search, a collection of items or one item. */
  readonly url: string;
  readonly collections: readonly string[];
  /** ISO 8601, both included; without them there is no limit. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Share of clouds that is still wanted, 0-1. Scenes that do not state it are taken. */
  readonly maxCloud?: number | undefined;
  /** Most scenes; more are left out, with a note. Default 1000. */
  readonly limit?: number | undefined;
}

export interface FoundScenes {
  /** Oldest first. */
  readonly series: RasterSeries;
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

/** Scenes of one page that are asked for. */
const PAGE_SCENES = 100;

/**
 * Asks a STAC catalogue for the scenes of an area and a time. Follows pages until they end; items that cannot be read are left
 * out with a note. Throws SG_SATELLITE_CATALOGUE with what came back, SG_FETCH_DENIED and the cancellation.
 */
export async function searchScenes(
  area: BoundingBox | Geometry,
  query: SceneQuery,
  context: StacContext,
): Promise<FoundScenes> {
  const { limit = 1000 } = query;
  const target = await findSearch(query.url, context);
  const wanted = {
    ...(isBox(area) ? { bbox: [...area] } : { intersects: area as unknown as JsonObject }), // GeoJSON is JSON
    ...(query.collections.length === 0 ? {} : { collections: [...query.collections] }),
    ...(query.from === undefined && query.to === undefined
      ? {}
      : { datetime: `${startOf(query.from)}/${endOf(query.to)}` }),
    limit: Math.min(limit, PAGE_SCENES),
    ...(target.filters && query.maxCloud !== undefined
      ? { query: { "eo:cloud_cover": { lte: query.maxCloud * 100 } } }
      : {}),
  };
  const box = boxOf(area);
  const notes: string[] = [];
  const rasters = new Map<string, Raster>();
  let cloudy = 0;
  for await (const { items, address } of pages(target, wanted, context)) {
    for (const value of items) {
      if (rasters.size >= limit) break;
      const raster = readScene(value, address, notes);
      if (raster === undefined || !isWanted(raster, query, box)) continue;
      if ((raster.cloudShare ?? 0) > (query.maxCloud ?? 1)) cloudy += 1;
      else rasters.set(raster.id, raster);
    }
    if (rasters.size >= limit) {
      notes.push(`${publicAddress(query.url)} has more than ${limit} scenes; the rest was left out`);
      break;
    }
  }
  if (cloudy > 0) notes.push(`${cloudy} scenes with more than ${(query.maxCloud ?? 1) * 100} % clouds were left out`);
  const current = withoutSuperseded([...rasters.values()]);
  return { series: { rasters: sortedByTime(current.rasters) }, notes: [...notes, ...current.notes] };
}

const isBox = (area: BoundingBox | Geometry): area is BoundingBox => Array.isArray(area);

/** RFC 3339 wants a time of day. */
const startOf = (from: string | undefined): string => (from === undefined ? ".." : withTime(from, "T00:00:00Z"));
const endOf = (to: string | undefined): string => (to === undefined ? ".." : withTime(to, "T23:59:59Z"));
const withTime = (date: string, time: string): string => (date.includes("T") ? date : `${date}${time}`);

/** What a document of items gives was never asked for; what a search gives was, by a server that may not have listened. */
function isWanted({ acquiredAt, bounds }: Raster, { from, to }: SceneQuery, area: BoundingBox): boolean {
  const time = acquiredAt === undefined ? undefined : Date.parse(acquiredAt);
  if (time !== undefined && from !== undefined && time < Date.parse(startOf(from))) return false;
  if (time !== undefined && to !== undefined && time > Date.parse(endOf(to))) return false;
  if (bounds === undefined || bounds[0] > bounds[2]) return true; // over the antimeridian: left to the pixels
  return bounds[0] <= area[2] && bounds[2] >= area[0] && bounds[1] <= area[3] && bounds[3] >= area[1];
}

function boxOf(area: BoundingBox | Geometry): BoundingBox {
  if (isBox(area)) return area;
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    const [x, y]: readonly unknown[] = value;
    if (typeof x === "number" && typeof y === "number") {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    } else for (const part of value) visit(part);
  };
  visit(area.coordinates);
  return box;
}

function readScene(value: unknown, address: string, notes: string[]): Raster | undefined {
  let item: StacItem | undefined;
  try {
    item = parseItem(value, `An item of ${publicAddress(address)}`);
    const base = item.links.find(({ rel, href }) => rel === "self" && /^https?:/.test(href))?.href ?? address;
    const skipped = new Set<string>();
    const raster = rasterOfItem(item, (asset, key) => remoteSource(asset, key, { base, skipped }));
    if (skipped.size > 0) notes.push(`${item.id}: ${[...skipped].join(", ")} have no address on the web`);
    return raster;
  } catch (error) {
    if (!isStargateError(error)) throw error;
    notes.push(`${item?.id ?? "an item"}: ${error.message}`);
    return undefined;
  }
}
