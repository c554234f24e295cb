import { defineTransform, many } from "@stargate/kernel";
import { z } from "zod";
import { dayOfDate } from "../series/dates.ts";
import { insideArea } from "../area/inside-area.ts";
import { projectionBetween } from "../grid/crs.ts";
import { features } from "../modalities/features/features.ts";
import { raster } from "../modalities/raster/raster.ts";
import { readContextOf } from "../read/read-context-of.ts";
import { fail } from "../satellite-errors.ts";
import { openStack, type SceneStack } from "../series/open-stack.ts";
import { burnSeverity } from "./burn-severity.ts";
import { medianComposite } from "./median-composite.ts";
import { UNOBSERVED } from "./severity-classes.ts";

const burnOptionsSchema = z.strictObject({
  /** First day of the fire, and the day after which nothing burned any more. */
  fireFrom: z.iso.date(),
  fireTo: z.iso.date(),
  /** Days before the fire, and after it, whose clear observations make a picture: their median. */
  daysBefore: z.number().positive().max(730).default(60),
  daysAfter: z.number().positive().max(730).default(60),
  /** dNBR of places that did not burn, taken off everywhere. */
  seasonOffset: z.number().default(0),
  minimumHectares: z.number().nonnegative().default(0.2),
});

/** How badly an area burned: scenes of the burn ratio ("nbr") from before and after a fire, to places with hectares by class. */
export const burnSeverityTransform = defineTransform({
  id: "satellite.burn-severity",
  version: "1.0.0",
  summary: "How badly an area burned: dNBR between before and after, hectares by severity",
  from: { scenes: many(raster), area: features },
  to: features,
  coverage: "reported",
  options: burnOptionsSchema,
  loss: { pixels: 1 },
  network: true,
  cost: () => ({ ms: 1000 }),
  async run({ scenes, area }, context) {
    const { fireFrom, fireTo, daysBefore, daysAfter, seasonOffset, minimumHectares } = context.options;
    const [from, to] = [dayOfDate(fireFrom), dayOfDate(fireTo)];
    if (!(from <= to)) throw fail("SG_OPTIONS_INVALID", `The fire begins on ${fireFrom} and ends before, on ${fireTo}`);
    const stack = await openStack(scenes, readContextOf(context));
    const { grid } = stack;
    const inside = insideArea(area, grid);
    const before = await composite(stack, [from - daysBefore, from], `the ${daysBefore} days before ${fireFrom}`);
    const after = await composite(stack, [to + 1, to + 1 + daysAfter], `the ${daysAfter} days after ${fireTo}`);
    const { places, hectares, classes } = burnSeverity(before, after, {
      grid,
      toLonLat: projectionBetween(grid.crs, "EPSG:4326"),
      inside,
      seasonOffset,
      minimumHectares,
    });
    const wanted = inside.reduce((sum, value) => sum + value, 0);
    const hidden = classes.reduce(
      (sum, value, pixel) => sum + (inside[pixel] === 1 && value === UNOBSERVED ? 1 : 0),
      0,
    );
    const missing =
      hidden === 0
        ? []
        : [{ what: `${hidden} pixels`, reason: "not observed both before and after: not the same as unburned" }];
    context.coverage({ measure: "pixel", done: wanted - hidden, of: wanted, missing });
    context.coverage({ measure: "feature", done: area.features.length, of: area.features.length });
    context.disclose({
      index: stack.band,
      scenes: stack.scenes.length,
      hectares: hectares.rows.map((row) => [...row]),
    });
    return places;
  },
});

/** Throws SG_SATELLITE_SERIES when there is no scene in that time. */
async function composite(
  stack: SceneStack,
  [from, to]: readonly [number, number],
  time: string,
): Promise<Float32Array<ArrayBuffer>> {
  const dates = [...stack.days.keys()].filter(
    (date) => (stack.days[date] ?? 0) >= from && (stack.days[date] ?? 0) < to,
  );
  if (dates.length === 0)
    throw fail("SG_SATELLITE_SERIES", `There is no scene in ${time}`, {
      hint: "Ask for more scenes, or for more days.",
    });
  const { widthPixels, heightPixels } = stack.grid;
  const pixels = widthPixels * heightPixels;
  const values = new Float32Array(pixels * dates.length);
  for (const [at, date] of dates.entries()) {
    const picture = await stack.readDay(date);
    for (let pixel = 0; pixel < pixels; pixel++) values[pixel * dates.length + at] = picture[pixel] ?? Number.NaN;
  }
  const days = Float64Array.from(dates, (date) => stack.days[date] ?? 0);
  return medianComposite({ days, values, pixels }, from, to);
}
