import { defineTransform, many } from "@stargate/kernel";
import { z } from "zod";
import { chipWindow } from "../alerts/chip-window.ts";
import type { RasterizeOptions } from "../area/rasterize.ts";
import { windowGrid } from "../grid/affine.ts";
import type { PixelWindow } from "../grid/grid.ts";
import { type Features, polygonalSchema } from "../modalities/features/features-schema.ts";
import { fail } from "../satellite-errors.ts";
import { dateOfDay, dayOfDate } from "../series/dates.ts";
import { projectionBetween } from "../grid/crs.ts";
import { features } from "../modalities/features/features.ts";
import { mapImage } from "../modalities/map-image/map-image.ts";
import { raster } from "../modalities/raster/raster.ts";
import { readContextOf } from "../read/read-context-of.ts";
import { openStack, type SceneStack } from "../series/open-stack.ts";
import type { MapLayer } from "./map-layer.ts";
import { drawMap } from "./draw-map.ts";

const date = z.iso.date();

const quickLookOptionsSchema = z.strictObject({
  title: z.string().max(200).default("What changed"),
  /** Days of the two pictures: the clearest scene at most ten days from each is shown. Default: the first and the last. */
  before: date.optional(),
  after: date.optional(),
  /** Id of an alert: only what lies around it is shown. Default: everything. */
  around: z.string().optional(),
  /** Values of the first and the last colour. */
  from: z.number().default(0),
  to: z.number().default(1),
  ramp: z.enum(["sequential", "diverging"]).default("sequential"),
  credit: z.string().max(200).optional(),
  panelPixels: z.int().min(100).max(2000).default(640),
});

/** Days around the one asked for in which the clearest scene is looked for. */
const WITHIN_DAYS = 10;

/** Before and after, side by side, with outlines: scenes of an index on the pixels of an area, and alerts. */
export const quickLookTransform = defineTransform({
  id: "satellite.quick-look",
  version: "1.0.0",
  summary: "A map of an index before and after, with outlines, legend and scale bar",
  from: { scenes: many(raster), alerts: features },
  to: mapImage,
  coverage: "reported",
  options: quickLookOptionsSchema,
  loss: { numbers: 1 },
  network: true,
  plannable: false,
  cost: () => ({ ms: 500 }),
  async run({ scenes, alerts }, context) {
    const { options, signal } = context;
    const stack = await openStack(scenes, readContextOf(context));
    const fromLonLat = projectionBetween("EPSG:4326", stack.grid.crs);
    const window = windowOf(alerts, options.around, { grid: stack.grid, fromLonLat });
    const grid = windowGrid(stack.grid, window);
    const { days } = stack;
    const [first, last] = [dateOfDay(days[0] ?? 0), dateOfDay(days.at(-1) ?? 0)];
    const before = await clearest(stack, window, options.before ?? first);
    const after = await clearest(stack, window, options.after ?? last);
    const panelOf = ({ day, values }: Picture) => ({ title: dateOfDay(day), layer: layerOf(values, stack, options) });
    const map = await drawMap(
      {
        grid,
        toLonLat: projectionBetween(grid.crs, "EPSG:4326"),
        fromLonLat,
        title: options.title,
        panels: before.day === after.day ? [panelOf(after)] : [panelOf(before), panelOf(after)],
        features: alerts.features,
        panelPixels: options.panelPixels,
        ...(options.credit !== undefined && { credit: options.credit }),
      },
      { signal, offload: (task, input, given) => context.offload(task, input, given) },
    );
    const shown = grid.widthPixels * grid.heightPixels * (before.day === after.day ? 1 : 2);
    context.coverage({ measure: "pixel", done: map.observedPixels, of: shown });
    context.coverage({ measure: "feature", done: alerts.features.length, of: alerts.features.length });
    context.disclose({ before: dateOfDay(before.day), after: dateOfDay(after.day), index: stack.band });
    return map;
  },
});

/** The whole grid, or what lies around an alert. Throws SG_OPTIONS_INVALID when there is no such alert. */
function windowOf({ features: alerts }: Features, id: string | undefined, place: RasterizeOptions): PixelWindow {
  const { widthPixels, heightPixels } = place.grid;
  if (id === undefined) return { column: 0, row: 0, widthPixels, heightPixels };
  const alert = alerts.find((one) => one.id === id);
  const geometry = polygonalSchema.safeParse(alert?.geometry).data;
  const window = geometry === undefined ? undefined : chipWindow({ geometry }, place);
  if (window === undefined) throw fail("SG_OPTIONS_INVALID", `There is no alert "${id}" on these scenes`);
  return window;
}

type QuickLookOptions = z.infer<typeof quickLookOptionsSchema>;

function layerOf(
  values: Float32Array<ArrayBuffer>,
  { band }: SceneStack,
  { from, to, ramp }: QuickLookOptions,
): MapLayer {
  return { kind: "index", name: band, values, from, to, ramp };
}

interface Picture {
  readonly day: number;
  readonly values: Float32Array<ArrayBuffer>;
}

/** The picture around a day that shows most; the nearest one where there is none around it. */
async function clearest(stack: SceneStack, window: PixelWindow, wanted: string): Promise<Picture> {
  const day = dayOfDate(wanted);
  const distance = (date: number): number => Math.abs((stack.days[date] ?? 0) - day);
  const dates = [...stack.days.keys()].toSorted((a, b) => distance(a) - distance(b));
  const around = dates.filter((date) => distance(date) <= WITHIN_DAYS);
  let best: Picture | undefined;
  let most = -1;
  for (const date of around.length === 0 ? dates.slice(0, 1) : around) {
    const values = await stack.readDay(date, window);
    const observed = values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
    if (observed <= most) continue;
    most = observed;
    best = { day: stack.days[date] ?? 0, values };
  }
  return best as Picture; // a stack has at least one day
}
