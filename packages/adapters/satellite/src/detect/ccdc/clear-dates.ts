import type { ClearSeries } from "./season-model.ts";

/** Observations of a pixel from which outliers are taken as they are found. Places count those that are left. */
export interface ClearDates {
  count(): number;
  dayNumber(place: number): number;
  value(band: number, place: number): number;
  /** Observations from a place to before another. */
  slice(from: number, to: number): ClearSeries;
  remove(places: readonly number[]): void;
  /** First place after a day; `count()` when there is none. */
  after(dayNumber: number): number;
}

/** Starts with all observations of a series. */
export function createClearDates({ dayNumbers, values }: ClearSeries): ClearDates {
  let kept = Array.from(dayNumbers, (_, place) => place);
  const at = (place: number): number => kept[place] ?? -1;
  return {
    count: () => kept.length,
    dayNumber: (place) => dayNumbers[at(place)] ?? NaN,
    value: (band, place) => values[band]?.[at(place)] ?? NaN,
    slice(from, to) {
      const places = kept.slice(from, to);
      const pick = (all: Float64Array): Float64Array => Float64Array.from(places, (place) => all[place] ?? NaN);
      return { dayNumbers: pick(dayNumbers), values: values.map(pick) };
    },
    remove(places) {
      const gone = new Set(places);
      kept = kept.filter((_, place) => !gone.has(place));
    },
    after(dayNumber) {
      const found = kept.findIndex((place) => (dayNumbers[place] ?? NaN) > dayNumber);
      return found < 0 ? kept.length : found;
    },
  };
}
