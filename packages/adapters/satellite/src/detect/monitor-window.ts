import { fail } from "../satellite-errors.ts";
import type { PixelSeries } from "../series/pixel-series.ts";

/** Which dates teach a detector and which it judges; days since 1970-01-01 (UTC). Structured-cloneable. */
export interface MonitorWindow {
  /** First day of the history. */
  readonly historyFromDay: number;
  /** First day that is judged; the history ends before it. */
  readonly monitorFromDay: number;
  /** Day after the last one judged; `Infinity` for all that follow. */
  readonly monitorToDay: number;
}

/** Places of the dates of a window in a series: `history` from `historyFrom` to before `monitorFrom`, and so on. */
export interface WindowDates {
  readonly historyFrom: number;
  readonly monitorFrom: number;
  readonly monitorTo: number;
}

/** Where a window lies in a series. Throws SG_SATELLITE_SERIES for dates out of order and values that do not fit them. */
export function datesOf({ days, values, pixels }: PixelSeries, window: MonitorWindow): WindowDates {
  if (values.length !== days.length * pixels) {
    const expected = `${pixels} pixels x ${days.length} dates`;
    throw fail("SG_SATELLITE_SERIES", `A series of ${expected} has ${values.length} values`);
  }
  for (let date = 1; date < days.length; date++) {
    if (!((days[date] ?? 0) > (days[date - 1] ?? 0)))
      throw fail("SG_SATELLITE_SERIES", `Dates of a series do not ascend: day ${days[date - 1]}, then ${days[date]}`);
  }
  const { historyFromDay, monitorFromDay, monitorToDay } = window;
  if (!(historyFromDay < monitorFromDay && monitorFromDay < monitorToDay)) {
    const said = `history from day ${historyFromDay}, monitoring from ${monitorFromDay} to ${monitorToDay}`;
    throw fail("SG_SATELLITE_SERIES", `The times to learn from and to watch are out of order: ${said}`);
  }
  return {
    historyFrom: firstAtOrAfter(days, historyFromDay),
    monitorFrom: firstAtOrAfter(days, monitorFromDay),
    monitorTo: firstAtOrAfter(days, monitorToDay),
  };
}

function firstAtOrAfter(days: Float64Array, day: number): number {
  const found = days.findIndex((one) => one >= day);
  return found < 0 ? days.length : found;
}
