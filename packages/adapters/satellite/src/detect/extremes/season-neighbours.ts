import { DAYS_PER_YEAR } from "../harmonic/harmonic-basis.ts";
import type { WindowDates } from "../monitor-window.ts";
import type { ExtremesOptions } from "./extremes-options.ts";

/** For each watched date the dates of the history at the same time of the year. */
export interface SeasonNeighbours {
  /** Neighbours of the watched date `at` (from 0) are `dates[starts[at]]` to before `dates[starts[at + 1]]`. */
  readonly starts: Int32Array;
  readonly dates: Int32Array;
}

/** Looks them up once for all pixels of a block. */
export function seasonNeighbours(
  days: Float64Array,
  { historyFrom, monitorFrom, monitorTo }: WindowDates,
  { years, windowDays }: ExtremesOptions,
): SeasonNeighbours {
  const starts = new Int32Array(Math.max(0, monitorTo - monitorFrom) + 1);
  const dates: number[] = [];
  for (let watched = monitorFrom; watched < monitorTo; watched++) {
    for (let date = historyFrom; date < monitorFrom; date++) {
      const apart = (days[watched] ?? 0) - (days[date] ?? 0);
      const inYear = Math.abs(apart - DAYS_PER_YEAR * Math.round(apart / DAYS_PER_YEAR));
      // Half a window longer, so that the year that is just complete is in it.
      if (inYear <= windowDays && apart <= years * DAYS_PER_YEAR + windowDays) dates.push(date);
    }
    starts[watched - monitorFrom + 1] = dates.length;
  }
  return { starts, dates: Int32Array.from(dates) };
}
