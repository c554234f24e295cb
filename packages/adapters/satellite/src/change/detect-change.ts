import type { RunContext } from "@stargate/kernel";
import { alertFeatures } from "../alerts/alert-store.ts";
import type { Alert } from "../alerts/alert-schema.ts";
import { dateOfDay, dayOfDate } from "../series/dates.ts";
import { findAlerts } from "../alerts/find-alerts.ts";
import { settledPixels } from "../alerts/settled-alerts.ts";
import { matchAlerts } from "../alerts/match-alerts.ts";
import { insideArea } from "../area/inside-area.ts";
import type { MonitorWindow } from "../detect/monitor-window.ts";
import { projectionBetween } from "../grid/crs.ts";
import type { Features } from "../modalities/features/features-schema.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import { readContextOf } from "../read/read-context-of.ts";
import { fail } from "../satellite-errors.ts";
import { openStack } from "../series/open-stack.ts";
import type { ChangeOptions } from "./change-options.ts";
import type { ChangedPixelsCollector } from "./changed-pixels.ts";
import { watchBlocks } from "./watch-blocks.ts";

const DAYS_PER_YEAR = 365.2425;

export interface ChangeInput {
  readonly scenes: AsyncIterable<Raster>;
  readonly area: Features;
  /** Alerts of earlier runs. */
  readonly known: readonly Alert[];
}

/** Looks for changes, makes alerts of them, and brings them together with those that are known. Reports coverage in pixels. */
export async function detectChange(
  { scenes, area, known }: ChangeInput,
  context: RunContext<ChangeOptions>,
): Promise<Features> {
  const { options } = context;
  const stack = await openStack(scenes, readContextOf(context));
  const { grid, days } = stack;
  const window = windowOf(days, options);
  const found = await watchBlocks(
    stack,
    {
      inside: insideArea(area, grid),
      window,
      detectors: options.detectors,
      suspectFrom: options.suspectFrom,
      done: (share) => context.progress(share * days.length, days.length),
    },
    context,
  );
  const { gridPixels, changes, series } = found.collected();
  const batch = dateOfDay(days.at(-1) ?? 0);
  const fromLonLat = projectionBetween("EPSG:4326", grid.crs);
  const watchedFrom = dateOfDay(window.monitorFromDay);
  const { chips: address } = options;
  const chips =
    address === undefined ? {} : { chipOf: (id: string) => address.replace("{id}", encodeURIComponent(id)) };
  const alerts = findAlerts(changes, {
    exclude: settledPixels(known, watchedFrom, { grid, fromLonLat }),
    grid,
    toLonLat: projectionBetween(grid.crs, "EPSG:4326"),
    task: options.task,
    batch,
    gridPixels,
    series,
    minimumHectares: options.minimumHectares,
    simplifyPixels: options.simplifyPixels,
    ...chips,
  });
  reportCoverage(found, context);
  const read = area.features.length + known.length;
  context.coverage({ measure: "feature", done: read, of: read });
  context.disclose({
    index: stack.band,
    scenes: stack.scenes.length,
    days: days.length,
    history: [dateOfDay(window.historyFromDay), dateOfDay(window.monitorFromDay)],
    monitored: [dateOfDay(window.monitorFromDay), batch],
    detectors: options.detectors.map(({ name }) => name),
    crs: grid.crs,
    changedPixels: gridPixels.length,
  });
  return alertFeatures(
    matchAlerts(alerts, known, { grid, fromLonLat, batch, watchedFrom, observed: found.observed, ...chips }),
  );
}

/** Throws SG_SATELLITE_SERIES when nothing is left to learn from, or nothing to judge. */
function windowOf(days: Float64Array, { monitorFrom, historyYears }: ChangeOptions): MonitorWindow {
  const last = days.at(-1) ?? 0;
  const monitorFromDay = monitorFrom === undefined ? last - DAYS_PER_YEAR : dayOfDate(monitorFrom);
  const historyFromDay = monitorFromDay - historyYears * DAYS_PER_YEAR;
  const history = days.filter((day) => day >= historyFromDay && day < monitorFromDay).length;
  const judged = days.filter((day) => day >= monitorFromDay).length;
  if (history > 0 && judged > 0) return { historyFromDay, monitorFromDay, monitorToDay: Infinity };
  const [first, start, end] = [days[0] ?? 0, dateOfDay(monitorFromDay), dateOfDay(last)];
  const dates =
    days.length === 1
      ? `Only one date has a scene (${end})`
      : `${days.length} dates have a scene (${dateOfDay(first)} to ${end})`;
  throw fail(
    "SG_SATELLITE_SERIES",
    `${dates}: ${history} before ${start} to learn from what is usual, ${judged} since then to judge`,
    { hint: "Ask for scenes of a longer time, two years at least, or move `monitorFrom`." },
  );
}

function reportCoverage(
  { looked, judged }: ChangedPixelsCollector,
  { coverage, issue }: Pick<RunContext, "coverage" | "issue">,
): void {
  if (judged === 0)
    issue({
      code: "SG_SATELLITE_SERIES",
      message: "Not one pixel could be judged: clouds or no data on too many dates. No alert does not mean no change",
    });
  const missing =
    judged === looked
      ? []
      : [
          {
            what: `${looked - judged} pixels`,
            reason: "too few clear observations to say anything: not the same as unchanged",
          },
        ];
  coverage({ measure: "pixel", done: judged, of: looked, missing });
}
