import { defineTransform, many, type RunContext, table } from "@stargate/kernel";
import { z } from "zod";
import { areaOfInterest } from "../area/area-of-interest.ts";
import { insideArea } from "../area/inside-area.ts";
import { pixelHectares } from "../area/pixel-hectares.ts";
import { dateOfDay } from "../series/dates.ts";
import { projectionBetween } from "../grid/crs.ts";
import type { Grid } from "../grid/grid.ts";
import { features } from "../modalities/features/features.ts";
import type { Features } from "../modalities/features/features-schema.ts";
import { raster } from "../modalities/raster/raster.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import { readOnto } from "../read/onto/read-onto.ts";
import { openBand } from "../read/open-band.ts";
import { readContextOf } from "../read/read-context-of.ts";
import { fail } from "../satellite-errors.ts";
import { openStack } from "../series/open-stack.ts";
import { ablationSeason } from "./ablation-season.ts";
import { persistentIce } from "./persistent-ice.ts";
import { snowAreas, snowAreaTable } from "./snow-area.ts";
import type { SnowDate } from "./snow-date.ts";
import { snowLine } from "./snow-line.ts";
import { snowStates } from "./snow-states.ts";

/** States of pixels over all dates that are held at once. */
const MAX_STATES = 2 ** 30;

const shared = {
  version: "1.0.0",
  coverage: "reported",
  loss: { pixels: 1 },
  network: true,
  cost: () => ({ ms: 1000 }),
} as const;

/** Hectares of snow and ice on each date, with what clouds hid: scenes of the index "snow" (task "glacier"). */
export const snowAreaTransform = defineTransform({
  ...shared,
  id: "satellite.snow-area",
  summary: "Hectares of snow and ice over time: least, most and best estimate, because a cloud melts nothing",
  from: { scenes: many(raster), area: features },
  to: table,
  options: z.strictObject({
    /** Longest time over which an observation says something about a hidden pixel. */
    maxGapDays: z.number().positive().default(30),
  }),
  async run({ scenes, area }, context) {
    const { dates, grid, inside } = await readSnow(scenes, area, context);
    const hectares = pixelHectares(grid, projectionBetween(grid.crs, "EPSG:4326"));
    return snowAreaTable(snowAreas(dates, { hectares, inside, maxGapDays: context.options.maxGapDays }));
  },
});

/** Ice that outlasts the melting season, year after year. */
export const persistentIceTransform = defineTransform({
  ...shared,
  id: "satellite.persistent-ice",
  summary: "Ice that outlasts the melting season, from five years of late summers; provisional before that",
  from: { scenes: many(raster), area: features },
  to: features,
  options: z.strictObject({
    minimumSnowRatio: z.number().min(0).max(1).default(0.8),
    minimumYears: z.int().min(1).default(5),
    minimumHectares: z.number().nonnegative().default(1),
  }),
  async run({ scenes, area }, context) {
    const { dates, grid, inside } = await readSnow(scenes, area, context);
    const [, south, , north] = areaOfInterest(area).bounds;
    const { places, years, isProvisional } = persistentIce(dates, {
      ...context.options,
      grid,
      inside,
      toLonLat: projectionBetween(grid.crs, "EPSG:4326"),
      season: ablationSeason((south + north) / 2),
    });
    context.disclose({ provisional: isProvisional, years: years.rows.map((row) => [...row]) });
    return places;
  },
});

/** Altitude of the snow line on each date, with a model of the ground's height. */
export const snowLineTransform = defineTransform({
  ...shared,
  id: "satellite.snow-line",
  summary: "Altitude at which half of the ground is under snow, over time",
  from: { scenes: many(raster), area: features, elevation: raster },
  to: table,
  options: z.strictObject({ binMetres: z.number().positive().default(20) }),
  async run({ scenes, area, elevation }, context) {
    const { dates, grid, inside } = await readSnow(scenes, area, context);
    const band = elevation.bands.find(({ holds }) => holds === "elevation") ?? elevation.bands[0];
    if (band === undefined) throw fail("SG_SATELLITE_BAND", "The model of the ground has no band");
    const { signal } = context;
    const heights = await readOnto(await openBand(band, readContextOf(context)), grid, {
      resampling: "bilinear",
      signal,
    });
    const elevations = Float32Array.from(heights);
    const rows = dates.map(({ day, states }) => {
      const line = snowLine(states, { elevations, inside, binMetres: context.options.binMetres });
      const [uncertainty, reason] = line.altitudeMetres === null ? [null, line.reason] : [line.uncertaintyMetres, null];
      return [dateOfDay(day), line.altitudeMetres, uncertainty, reason, line.observedPixels, line.pixels];
    });
    return { columns: ["date", "altitudeMetres", "uncertaintyMetres", "reason", "observedPixels", "pixels"], rows };
  },
});

interface SnowSeries {
  readonly dates: readonly SnowDate[];
  readonly grid: Grid;
  readonly inside: Uint8Array<ArrayBuffer>;
}

/** States of all pixels on all dates. Reports coverage. Throws SG_SATELLITE_SERIES for scenes of another index. */
async function readSnow(scenes: AsyncIterable<Raster>, area: Features, context: RunContext): Promise<SnowSeries> {
  const stack = await openStack(scenes, readContextOf(context));
  const { grid, days, band } = stack;
  if (band !== "snow")
    throw fail("SG_SATELLITE_SERIES", `The scenes show "${band}", not snow`, {
      hint: 'Observe them with { index: "snow", task: "glacier" } first.',
    });
  const size = grid.widthPixels * grid.heightPixels;
  if (size * days.length > MAX_STATES)
    throw fail("SG_SATELLITE_AREA", `${size} pixels on ${days.length} dates are too many to be held together`, {
      hint: "Ask for a part of the area, a shorter time, or larger pixels.",
    });
  const inside = insideArea(area, grid);
  const wanted = inside.reduce((sum, value) => sum + value, 0);
  let observed = 0;
  const dates: SnowDate[] = [];
  for (const [date, day] of days.entries()) {
    const states = (await stack.readDay(date)).reduce((made, value, pixel) => {
      if (Number.isNaN(value) || inside[pixel] === 0) return made;
      made[pixel] = value >= 0.5 ? snowStates.snow : snowStates.snowFree;
      observed += 1;
      return made;
    }, new Uint8Array(size));
    dates.push({ day, states });
    context.progress(date + 1, days.length);
  }
  const hidden = wanted * days.length - observed;
  const missing =
    hidden === 0 ? [] : [{ what: `${hidden} pixels`, reason: "not observed: clouds are neither snow nor melted" }];
  context.coverage({ measure: "pixel", done: observed, of: wanted * days.length, missing });
  context.coverage({ measure: "feature", done: area.features.length, of: area.features.length });
  context.disclose({ scenes: stack.scenes.length, days: days.length, crs: grid.crs });
  return { dates, grid, inside };
}
