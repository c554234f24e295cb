import { changeStates } from "../detect/pixel-changes.ts";
import type { Projection } from "../grid/crs.ts";
import { toPlace } from "../grid/affine.ts";
import type { Grid } from "../grid/grid.ts";
import { fail } from "../satellite-errors.ts";
import type { PixelSeries } from "../series/pixel-series.ts";
import type { Alert } from "./alert-schema.ts";
import { alertEvidence } from "./alert-evidence.ts";
import { alertFacts } from "./alert-facts.ts";
import { combineChanges, type DetectorChanges } from "./combine-changes.ts";
import { connectedPlaces } from "./connected-places.ts";
import { dateOfDay } from "../series/dates.ts";

export interface FindAlertsOptions {
  readonly grid: Grid;
  /** From the units of the grid to [longitude, latitude]: `projectionBetween(grid.crs, "EPSG:4326")`. */
  readonly toLonLat: Projection;
  /** "deforestation": stands in every alert. */
  readonly task: string;
  /** Name of this run's batch: the same input gives the same batch, so that a repeated run repeats its answer. */
  readonly batch: string;
  /**
   * For each pixel of the changes (and of the series) its place on the grid, row by row from 0, ascending. Absent: the
   * changes are those of the whole grid.
   */
  readonly gridPixels?: Uint32Array;
  /** What was observed: evidence is left out without it. */
  readonly series?: PixelSeries;
  /** Smallest area that is an alert, hectares. Default 0: every pixel. RADD uses 0.2. */
  readonly minimumHectares?: number;
  /** Whether pixels that touch with a corner belong together (8, the default) or not (4). */
  readonly connectivity?: 4 | 8;
  /** Whether suspected pixels make alerts, of low confidence. Default true. */
  readonly includeSuspected?: boolean;
  /** Leaves out corners of outlines that matter less than this many pixels. Default 0: outlines are exact. */
  readonly simplifyPixels?: number;
  /** Not 0 for pixels of the grid that are not to be looked at again: `settledPixels`. */
  readonly exclude?: Uint8Array;
  /** Address under which a picture of an alert can be had. */
  readonly chipOf?: (id: string) => string;
}

/**
 * Turns what detectors say about pixels into alerts: places that hang together, each with its area, its dates and what
 * speaks for it. Every changed pixel is in exactly one alert (or below the smallest area). Sorted by the first pixel.
 * Ids are made of the day and the place of the pixel that changed first, so that alerts elsewhere do not alter them; see
 * `matchAlerts` for those that are known from earlier runs. Throws SG_SATELLITE_SERIES when sizes do not fit together.
 */
export function findAlerts(detectors: readonly DetectorChanges[], options: FindAlertsOptions): readonly Alert[] {
  const { grid, toLonLat, gridPixels, exclude, includeSuspected = true } = options;
  const { minimumHectares = 0, connectivity = 8, simplifyPixels = 0 } = options;
  const size = grid.widthPixels * grid.heightPixels;
  checkSizes(detectors, options, size);
  const changes = combineChanges(detectors);
  const least = includeSuspected ? changeStates.suspected : changeStates.confirmed;
  const inside = new Uint8Array(size);
  for (let pixel = 0; pixel < changes.pixels; pixel++) {
    const place = gridPixels?.[pixel] ?? pixel;
    if ((changes.states[pixel] ?? 0) >= least && (exclude?.[place] ?? 0) === 0) inside[place] = 1;
  }
  const places = connectedPlaces(inside, { grid, toLonLat, connectivity, minimumHectares, simplifyPixels });
  const ownPixel =
    gridPixels === undefined ? undefined : new Map([...gridPixels].map((place, pixel) => [place, pixel]));
  return places.map(({ pixels: placePixels, geometry, hectares }) => {
    const pixels = ownPixel === undefined ? placePixels : placePixels.map((place) => ownPixel.get(place) ?? 0);
    const { anchor, properties } = alertFacts(pixels, { detectors, changes, areaHectares: hectares });
    const id = alertId(changes.firstDays[anchor] ?? Number.NaN, gridPixels?.[anchor] ?? anchor, options);
    return {
      type: "Feature",
      id,
      geometry,
      properties: {
        kind: "alert",
        task: options.task,
        ...properties,
        status: "new",
        current: true,
        firstBatch: options.batch,
        lastBatch: options.batch,
        mergedFrom: [],
        splitFrom: null,
        verified: null,
        evidence: options.series === undefined ? [] : alertEvidence(pixels, options.series),
        chip: options.chipOf?.(id) ?? null,
      },
    };
  });
}

/** "20170705-45.870123-14.551234": day of the first change, latitude and longitude of its first pixel. */
function alertId(day: number, gridPixel: number, { grid, toLonLat }: FindAlertsOptions): string {
  const column = gridPixel % grid.widthPixels;
  const row = (gridPixel - column) / grid.widthPixels;
  const [longitude, latitude] = toLonLat(...toPlace(grid.affine, column + 0.5, row + 0.5));
  const hemispheres = [latitude < 0 ? "S" : "N", longitude < 0 ? "W" : "E"];
  const place = `${Math.abs(latitude).toFixed(6)}${hemispheres[0] ?? ""}-${Math.abs(longitude).toFixed(6)}${hemispheres[1] ?? ""}`;
  return `${dateOfDay(day).replaceAll("-", "")}-${place}`;
}

function checkSizes(
  detectors: readonly DetectorChanges[],
  { gridPixels, series }: FindAlertsOptions,
  size: number,
): void {
  const expected = gridPixels?.length ?? size;
  const odd = detectors.find(({ changes }) => changes.pixels !== expected);
  if (odd !== undefined) {
    throw fail(
      "SG_SATELLITE_SERIES",
      `Detector "${odd.detector}" looked at ${odd.changes.pixels} pixels; the grid has ${expected}`,
    );
  }
  if (series !== undefined && series.pixels !== expected) {
    throw fail("SG_SATELLITE_SERIES", `The series has ${series.pixels} pixels; the grid has ${expected}`);
  }
}
