import type { Table } from "@stargate/kernel";
import { dateOfDay } from "../series/dates.ts";
import { round } from "../alerts/statistics.ts";
import type { SnowDate } from "./snow-date.ts";
import { snowStates } from "./snow-states.ts";

export interface SnowAreaOptions {
  /** Area of each pixel: `pixelHectares`. */
  readonly hectares: Float64Array;
  /** Not 0 for pixels that are asked about; all when absent. */
  readonly inside?: Uint8Array;
  /** Longest time over which an observation says something about a hidden pixel, days. Default 30. */
  readonly maxGapDays?: number;
}

/** Areas of one date, hectares. */
export interface SnowArea {
  readonly date: string;
  readonly observedHectares: number;
  /** Hidden by clouds or not in the picture: neither snow nor melted. */
  readonly unobservedHectares: number;
  /** Snow and ice that was seen: the least there can have been. */
  readonly leastHectares: number;
  /** The same if everything hidden were snow: the most there can have been. */
  readonly mostHectares: number;
  /**
   * Best estimate: hidden pixels by what was seen there shortly before and after, weighted by how long ago, otherwise by
   * the share of snow among those seen. Null when nothing was seen.
   */
  readonly estimateHectares: number | null;
}

/**
 * Area of snow and ice over time, with what clouds hide. `dates` ascend; each has one state for every pixel.
 */
export function snowAreas(dates: readonly SnowDate[], options: SnowAreaOptions): readonly SnowArea[] {
  const { hectares, inside, maxGapDays = 30 } = options;
  return dates.map((date, at) => {
    let [observed, unobserved, snow] = [0, 0, 0];
    let [filled, unknown] = [0, 0];
    for (let pixel = 0; pixel < hectares.length; pixel++) {
      if (inside?.[pixel] === 0) continue;
      const size = hectares[pixel] ?? 0;
      const state = date.states[pixel];
      if (state === snowStates.unobserved || state === undefined) {
        unobserved += size;
        const share = neighbouringShare(dates, at, pixel, maxGapDays);
        if (share === undefined) unknown += size;
        else filled += share * size;
        continue;
      }
      observed += size;
      if (state === snowStates.snow) snow += size;
    }
    const total = observed + unobserved;
    const known = total - unknown;
    const isKnown = known > 0;
    return {
      date: dateOfDay(date.day),
      observedHectares: round(observed, 4),
      unobservedHectares: round(unobserved, 4),
      leastHectares: round(snow, 4),
      mostHectares: round(snow + unobserved, 4),
      estimateHectares: isKnown ? round(snow + filled + unknown * ((snow + filled) / known), 4) : null,
    };
  });
}

/** Probability of snow at a hidden pixel: of the observations next to it in time, the nearer counts more. */
function neighbouringShare(
  dates: readonly SnowDate[],
  at: number,
  pixel: number,
  maxGapDays: number,
): number | undefined {
  const before = nearest(dates, at, pixel, -1, maxGapDays);
  const after = nearest(dates, at, pixel, 1, maxGapDays);
  if (before === undefined || after === undefined) return (before ?? after)?.snow;
  const gap = before.days + after.days;
  return gap === 0 ? (before.snow + after.snow) / 2 : (before.snow * after.days + after.snow * before.days) / gap;
}

function nearest(
  dates: readonly SnowDate[],
  at: number,
  pixel: number,
  step: 1 | -1,
  maxGapDays: number,
): { readonly snow: number; readonly days: number } | undefined {
  const day = dates[at]?.day ?? 0;
  for (let index = at + step; ; index += step) {
    const other = dates[index];
    if (other === undefined) return undefined;
    const days = Math.abs(other.day - day);
    if (days > maxGapDays) return undefined;
    const state = other.states[pixel] ?? snowStates.unobserved;
    if (state !== snowStates.unobserved) return { snow: state === snowStates.snow ? 1 : 0, days };
  }
}

/** The series as a table: one row for each date. */
export function snowAreaTable(areas: readonly SnowArea[]): Table {
  const columns = [
    "date",
    "observedHectares",
    "unobservedHectares",
    "leastHectares",
    "mostHectares",
    "estimateHectares",
  ] as const;
  return { columns: [...columns], rows: areas.map((area) => columns.map((column) => area[column])) };
}
