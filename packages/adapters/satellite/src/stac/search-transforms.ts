import { defineTransform, json, many, parseStrictly, type RunContext } from "@stargate/kernel";
import { z } from "zod";
import { areaOfInterest } from "../area/area-of-interest.ts";
import { features } from "../modalities/features/features.ts";
import type { Features } from "../modalities/features/features-schema.ts";
import { raster } from "../modalities/raster/raster.ts";
import { rasterSeries, type RasterSeries } from "../modalities/raster-series/raster-series.ts";
import { readContextOf } from "../read/read-context-of.ts";
import { fail } from "../satellite-errors.ts";
import type { SatelliteOptions } from "../satellite-options.ts";
import type { StacCache } from "./stac-cache.ts";
import { searchScenes } from "./search-scenes.ts";

const date = z.union([z.iso.date(), z.iso.datetime()]);

/** Where and what is searched. */
const searchOptionsSchema = z.strictObject({
  /** Root of a STAC API, its search, a collection of items or one item. */
  url: z.url({ protocol: /^https?$/ }),
  collections: z.array(z.string().min(1)).readonly().default(["sentinel-2-l2a"]),
  /** First and last day, both included. */
  from: date.optional(),
  to: date.optional(),
  /** Scenes that the catalogue calls cloudier are left out. */
  maxCloudShare: z.number().min(0).max(1).default(1),
});

type SearchOptions = Readonly<z.infer<typeof searchOptionsSchema>>;

const periodSchema = z.strictObject({ from: date.optional(), to: date.optional() });

const shared = {
  version: "1.0.0",
  to: rasterSeries,
  coverage: "reported",
  options: searchOptionsSchema,
  loss: { outline: 1 },
  cost: () => ({ ms: 1000 }),
  network: true,
  // A catalogue has more tomorrow than today.
  deterministic: false,
  plannable: false,
} as const;

/** What all searches of one adapter share. */
export interface SearchSetup extends Pick<SatelliteOptions, "maxScenes"> {
  /** What catalogues say of themselves changes rarely. */
  readonly cache: StacCache;
}

/** Scenes that a catalogue has of an area. */
export function createSearchTransform(setup: SearchSetup) {
  return defineTransform({
    ...shared,
    id: "satellite.search",
    summary: "Scenes of an area and a time, of a STAC catalogue",
    from: features,
    run: (area, context) => search(area, context.options, { ...setup, context }),
  });
}

/** The same with the time as an input, `{"from": "2022-01-01", "to": "2024-01-01"}`: for pipelines that are asked for any time. */
export function createSearchPeriodTransform(setup: SearchSetup) {
  return defineTransform({
    ...shared,
    id: "satellite.search-period",
    summary: "As search, with the time as an input: from and to",
    from: { area: features, period: json },
    run({ area, period }, context) {
      const asked = parseStrictly("The period", periodSchema, period);
      return search(area, { ...context.options, ...asked }, { ...setup, context });
    },
  });
}

/** The scenes of a series one by one, so that each can fail on its own. */
export const scenesTransform = defineTransform({
  id: "satellite.scenes",
  version: "1.0.0",
  summary: "The scenes of a series, one by one",
  from: rasterSeries,
  to: many(raster),
  coverage: "whole",
  loss: {},
  cost: () => ({ ms: 1 }),
  run: async function* ({ rasters }) {
    yield* rasters;
  },
});

interface Surroundings extends SearchSetup {
  readonly context: RunContext<SearchOptions>;
}

/** Throws SG_SATELLITE_AREA, SG_SATELLITE_CATALOGUE, and SG_SATELLITE_SERIES when there is not one scene. */
async function search(
  area: Features,
  { maxCloudShare, ...query }: SearchOptions,
  { context, maxScenes, cache }: Surroundings,
): Promise<RasterSeries> {
  const { geometry, hectares } = areaOfInterest(area);
  const { series, notes } = await searchScenes(
    geometry,
    { ...query, maxCloud: maxCloudShare, limit: maxScenes },
    { ...readContextOf(context), cache },
  );
  for (const note of notes) context.issue({ code: "SG_SATELLITE_CATALOGUE", message: note });
  context.coverage({ measure: "feature", done: area.features.length, of: area.features.length });
  const { rasters } = series;
  context.disclose({
    catalogue: new URL(query.url).host,
    collections: [...query.collections],
    scenes: rasters.length,
    hectares: Math.round(hectares),
    ...(rasters.length > 0 && { first: rasters[0]?.acquiredAt ?? null, last: rasters.at(-1)?.acquiredAt ?? null }),
  });
  if (rasters.length > 0) return series;
  throw fail(
    "SG_SATELLITE_SERIES",
    `The catalogue has no scene of the area${timeText(query)} in ${query.collections.join(", ")}`,
    {
      hint: "Look at the area (its positions are longitude first, then latitude), the dates and the names of the collections.",
    },
  );
}

function timeText({ from, to }: Pick<SearchOptions, "from" | "to">): string {
  return from === undefined && to === undefined ? "" : ` from ${from ?? "the beginning"} to ${to ?? "now"}`;
}
