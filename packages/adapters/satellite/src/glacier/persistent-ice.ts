import type { Table } from "@stargate/kernel";
import { connectedPlaces } from "../alerts/connected-places.ts";
import { round } from "../alerts/statistics.ts";
import { pixelHectares } from "../area/pixel-hectares.ts";
import type { Projection } from "../grid/crs.ts";
import type { Grid } from "../grid/grid.ts";
import type { Features } from "../modalities/features/features-schema.ts";
import { seasonYear, type SeasonWindow } from "./ablation-season.ts";
import type { SnowDate } from "./snow-date.ts";
import { snowStates } from "./snow-states.ts";

/** What years of late summers say about a pixel. */
export const iceStates = { unobserved: 0, noIce: 1, provisional: 2, persistent: 3 } as const;

export interface PersistentIceOptions {
  readonly grid: Grid;
  /** `projectionBetween(grid.crs, "EPSG:4326")`. */
  readonly toLonLat: Projection;
  /** `ablationSeason(latitude)`. */
  readonly season: SeasonWindow;
  /** Not 0 for pixels that are asked about; all when absent. */
  readonly inside?: Uint8Array;
  /** Share of clear observations of late summers that show snow or ice, from which it is ice. Default 0.8. */
  readonly minimumSnowRatio?: number;
  /** Years with a clear observation from which ice is persistent; provisional before. Default 5. */
  readonly minimumYears?: number;
  /** Smallest place that is listed, hectares. Default 1 (the World Glacier Inventory's). */
  readonly minimumHectares?: number;
}

export interface PersistentIce {
  /** See `iceStates`. */
  readonly states: Uint8Array<ArrayBuffer>;
  /** True while fewer years than asked for have been seen anywhere: then nothing is persistent yet. */
  readonly isProvisional: boolean;
  /** year, iceHectares, observedHectares, unobservedHectares: ice at the end of each melting season. */
  readonly years: Table;
  /** Places of persistent ice (provisional ones while there is nothing else). */
  readonly places: Features;
}

/**
 * Ice that outlasts the melting season, by the share of its late-summer observations that show snow (the snow-day ratio of
 * Selkowitz and Forster 2016, doi:10.3390/rs8010016). One year's late snow is not ice, which is why it takes years.
 */
export function persistentIce(dates: readonly SnowDate[], options: PersistentIceOptions): PersistentIce {
  const { grid, toLonLat, season, inside, minimumSnowRatio = 0.8 } = options;
  const { minimumYears = 5, minimumHectares = 1 } = options;
  const size = grid.widthPixels * grid.heightPixels;
  const years = new Map<number, YearCounts>();
  for (const { day, states } of dates) {
    const year = seasonYear(day, season);
    if (year === undefined) continue;
    const counts = years.get(year) ?? { clear: new Uint16Array(size), snow: new Uint16Array(size) };
    years.set(year, counts);
    for (let pixel = 0; pixel < size; pixel++) {
      const state = states[pixel] ?? snowStates.unobserved;
      if (state === snowStates.unobserved || inside?.[pixel] === 0) continue;
      counts.clear[pixel] = (counts.clear[pixel] ?? 0) + 1;
      if (state === snowStates.snow) counts.snow[pixel] = (counts.snow[pixel] ?? 0) + 1;
    }
  }
  const states = new Uint8Array(size);
  for (let pixel = 0; pixel < size; pixel++) {
    states[pixel] = stateOf(pixel, [...years.values()], minimumSnowRatio, minimumYears);
  }
  const isProvisional = !states.includes(iceStates.persistent);
  const wanted = isProvisional ? iceStates.provisional : iceStates.persistent;
  const mask = states.map((state) => (state === wanted ? 1 : 0));
  const found = connectedPlaces(mask, { grid, toLonLat, connectivity: 8, minimumHectares, simplifyPixels: 0 });
  return {
    states,
    isProvisional,
    years: yearTable(years, pixelHectares(grid, toLonLat), minimumSnowRatio, inside),
    places: {
      type: "FeatureCollection",
      features: found.map(({ pixels, geometry, hectares }, index) => ({
        type: "Feature",
        id: `ice-${index + 1}`,
        geometry,
        properties: {
          kind: "ice",
          areaHectares: round(hectares, 6),
          pixels: pixels.length,
          provisional: isProvisional,
        },
      })),
    },
  };
}

/** Observations of late summer by pixel. */
interface YearCounts {
  readonly clear: Uint16Array;
  readonly snow: Uint16Array;
}

function stateOf(pixel: number, years: readonly YearCounts[], minimumSnowRatio: number, minimumYears: number): number {
  let [clear, snow, seen] = [0, 0, 0];
  for (const year of years) {
    const own = year.clear[pixel] ?? 0;
    clear += own;
    snow += year.snow[pixel] ?? 0;
    if (own > 0) seen += 1;
  }
  if (clear === 0) return iceStates.unobserved;
  if (snow < minimumSnowRatio * clear) return iceStates.noIce;
  return seen >= minimumYears ? iceStates.persistent : iceStates.provisional;
}

function yearTable(
  years: ReadonlyMap<number, YearCounts>,
  hectares: Float64Array,
  minimumSnowRatio: number,
  inside: Uint8Array | undefined,
): Table {
  const rows = [...years]
    .toSorted(([a], [b]) => a - b)
    .map(([year, { clear, snow }]) => {
      let [ice, observed, unobserved] = [0, 0, 0];
      for (let pixel = 0; pixel < hectares.length; pixel++) {
        if (inside?.[pixel] === 0) continue;
        const size = hectares[pixel] ?? 0;
        const own = clear[pixel] ?? 0;
        if (own === 0) unobserved += size;
        else observed += size;
        if (own > 0 && (snow[pixel] ?? 0) >= minimumSnowRatio * own) ice += size;
      }
      return [year, round(ice, 4), round(observed, 4), round(unobserved, 4)];
    });
  return { columns: ["year", "iceHectares", "observedHectares", "unobservedHectares"], rows };
}
