import type { Raster } from "../modalities/raster/raster-schema.ts";
import type { RasterSeries } from "../modalities/raster-series/raster-series.ts";
import { fail } from "../satellite-errors.ts";
import { parseItem } from "./parse-item.ts";
import { rasterOfItem } from "./raster-of-item.ts";
import { remoteSource } from "./remote-source.ts";
import { sortedByTime } from "./sorted-by-time.ts";
import { itemCollectionSchema } from "./stac-schema.ts";

/** A scene of a posted item: its files must have addresses on the web, or relative ones and a link to itself. */
export function sceneOfItem(value: unknown): Raster {
  const item = parseItem(value, "The input");
  const self = item.links.find(({ rel, href }) => rel === "self" && /^https?:/.test(href))?.href;
  return rasterOfItem(item, (asset, key) => remoteSource(asset, key, { base: self, skipped: new Set() }));
}

/** Scenes of a posted collection, oldest first. */
export function scenesOfCollection(value: unknown): RasterSeries {
  const parsed = itemCollectionSchema.safeParse(value);
  if (!parsed.success) throw fail("SG_INPUT_INVALID", "The input is no collection of STAC items");
  return { rasters: sortedByTime(parsed.data.features.map(sceneOfItem)) };
}
