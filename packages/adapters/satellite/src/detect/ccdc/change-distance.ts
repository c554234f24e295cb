import { DETECTION_BANDS } from "./ccdc-observations.ts";
import type { ClearDates } from "./clear-dates.ts";
import { expectedOn, type SeasonModel } from "./season-model.ts";

/** How far an observation is from what was expected. */
export interface Departure {
  /** Squared distance over the detection bands, each in units of its error. */
  readonly distance: number;
  /** Observed minus expected in every band. */
  readonly bands: Float64Array;
}

/** Compares an observation with the curves; `errors` are the model's or those of its season, at least the variogram. */
export function departureOf(
  clear: ClearDates,
  place: number,
  {
    model,
    errors,
    variogram,
  }: { readonly model: SeasonModel; readonly errors: Float64Array; readonly variogram: Float64Array },
): Departure {
  const dayNumber = clear.dayNumber(place);
  const bands = Float64Array.from(
    model.coefficients,
    (own, band) => clear.value(band, place) - expectedOn(own, dayNumber),
  );
  let distance = 0;
  for (const band of DETECTION_BANDS)
    distance += ((bands[band] ?? 0) / Math.max(errors[band] ?? 0, variogram[band] ?? 0)) ** 2;
  return { distance, bands };
}

/** Whether a model is steady enough to start from: little trend, and both ends on the curve. */
export function steadiness(model: SeasonModel, spanDays: number, variogram: Float64Array): number {
  let total = 0;
  for (const band of DETECTION_BANDS) {
    const error = Math.max(model.errors[band] ?? 0, variogram[band] ?? 0);
    const trend = Math.abs((model.coefficients[band]?.[1] ?? 0) * spanDays);
    const ends = Math.abs(model.residuals[band]?.[0] ?? 0) + Math.abs(model.residuals[band]?.at(-1) ?? 0);
    total += ((trend + ends) / error) ** 2;
  }
  return total;
}
