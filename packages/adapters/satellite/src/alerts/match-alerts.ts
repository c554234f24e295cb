import { forEachPixelInside, type RasterizeOptions } from "../area/rasterize.ts";
import { inverted, toPlace } from "../grid/affine.ts";
import type { Polygonal } from "../modalities/features/features-schema.ts";
import { fail } from "../satellite-errors.ts";
import type { Alert } from "./alert-schema.ts";
import { inheritAlert } from "./inherit-alert.ts";
import { isSettled } from "./settled-alerts.ts";

export interface MatchAlertsOptions extends RasterizeOptions {
  readonly batch: string;
  /** Not 0 where this run could look, row by row over the grid. A known alert it could not look at is not gone. */
  readonly observed: Uint8Array;
  /**
   * First day this run watches, "2017-07-01". Confirmed alerts from before stay as they are: see `settledPixels`, which
   * leaves their pixels out of new ones. Absent: every known alert is compared.
   */
  readonly watchedFrom?: string;
  readonly chipOf?: (id: string) => string;
}

/** Overlap, in pixels, of each known alert with the alerts of this run. */
interface Overlap {
  readonly known: Alert;
  /** Pixels by number of the found alert. */
  readonly shared: ReadonlyMap<number, number>;
  readonly isGone: boolean;
}

/**
 * Brings together what a run has found with what was known. Alerts that share a pixel are the same place: one that has
 * grown keeps its id, several that have become one keep the oldest id and list the others, and of one that has fallen apart
 * the largest part keeps the id. Known alerts that this run looked at and does not see stay, with `current: false`; those it
 * could not see stay as they are. Repeating a run with its own answer as the known alerts changes nothing.
 * Sorted by the day of the first change, then id.
 * Throws SG_SATELLITE_AREA when a known alert that is seen again reaches over the edge of the grid.
 */
export function matchAlerts(
  found: readonly Alert[],
  known: readonly Alert[],
  options: MatchAlertsOptions,
): readonly Alert[] {
  const overlaps = overlapsOf(found, known, options);
  const claims = found.map((): Alert[] => []);
  const parents: (Alert | undefined)[] = found.map(() => undefined);
  const kept: Alert[] = [];
  for (const { known: alert, shared, isGone } of overlaps) {
    const [best, ...others] = [...shared].toSorted(([a, ownA], [b, ownB]) => ownB - ownA || a - b);
    if (best === undefined) kept.push(keptAlert(alert, isGone, options.batch));
    else claims[best[0]]?.push(alert);
    for (const [index] of others) parents[index] ??= alert; // known alerts come oldest first
  }
  const taken = new Set([...kept, ...claims.flat()].map(({ id }) => id));
  const matched = found.map((alert, index) => {
    const owners = claims[index] ?? [];
    const id = owners[0]?.id ?? freeId(alert.id, taken);
    taken.add(id);
    const chip = options.chipOf?.(id) ?? null;
    return inheritAlert(
      { ...alert, id, properties: { ...alert.properties, chip } },
      owners,
      parents[index],
      options.batch,
    );
  });
  return [...kept, ...matched].toSorted(byAge);
}

function overlapsOf(found: readonly Alert[], known: readonly Alert[], options: MatchAlertsOptions): readonly Overlap[] {
  const owners = new Int32Array(options.observed.length);
  for (const [index, { geometry }] of found.entries()) {
    forEachPixelInside(geometry, options, (pixel) => {
      owners[pixel] = index + 1;
    });
  }
  return known.toSorted(byAge).map((alert) => {
    if (isSettled(alert, options.watchedFrom)) return { known: alert, shared: new Map(), isGone: false };
    const shared = new Map<number, number>();
    let pixels = 0;
    let observed = 0;
    forEachPixelInside(alert.geometry, options, (pixel) => {
      pixels += 1;
      if (options.observed[pixel] !== 0) observed += 1;
      const owner = owners[pixel] ?? 0;
      if (owner !== 0) shared.set(owner - 1, (shared.get(owner - 1) ?? 0) + 1);
    });
    if (shared.size > 0) refuseBeyondGrid(alert, options);
    return { known: alert, shared, isGone: pixels > 0 && 2 * observed > pixels };
  });
}

/** Half an alert would replace a whole one, and its area would be lost without a word. */
function refuseBeyondGrid({ id, geometry }: Alert, { grid, fromLonLat }: MatchAlertsOptions): void {
  const toPixel = inverted(grid.affine);
  const isOutside = outerPositions(geometry).some(([longitude, latitude]) => {
    const [column, row] = toPlace(toPixel, ...fromLonLat(longitude, latitude));
    return !(column > -0.5 && row > -0.5 && column < grid.widthPixels + 0.5 && row < grid.heightPixels + 0.5);
  });
  if (!isOutside) return;
  throw fail("SG_SATELLITE_AREA", `Known alert ${id} reaches beyond the area of this run`, {
    hint: "Keep the known alerts of each area in a store of its own, and run over the whole area.",
  });
}

function outerPositions(geometry: Polygonal) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.flatMap(([outer = []]) => outer);
}

function keptAlert(alert: Alert, isGone: boolean, batch: string): Alert {
  const { current, firstBatch } = alert.properties;
  const status = firstBatch === batch ? "new" : "known";
  return { ...alert, properties: { ...alert.properties, status, current: isGone ? false : current } };
}

/** Oldest first: by first change, then by id. */
function byAge(a: Alert, b: Alert): number {
  const [dayA, dayB] = [a.properties.firstSeen, b.properties.firstSeen];
  if (dayA !== dayB) return dayA < dayB ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  let free = id;
  for (let number = 2; taken.has(free); number++) free = `${id}-${number}`;
  return free;
}
