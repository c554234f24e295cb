import { type Departure, departureOf } from "./change-distance.ts";
import { CCDC_YEAR_DAYS } from "./lasso.ts";
import { fitSeason, type SeasonModel } from "./season-model.ts";
import type { CcdcPixel, Window } from "./start-segment.ts";

/** A segment that is being followed forward. */
export interface Followed {
  readonly window: Window;
  readonly model: SeasonModel;
  /** Dates the model was fitted to, as day numbers. */
  readonly fitted: Float64Array;
  /** Observations the model was fitted to, when it was. */
  readonly observations: number;
  /** The next observations, as many as confirm a change, nearest first. */
  readonly ahead: readonly Departure[];
}

/** Observations up to which a model is fitted anew with each one, and on which the error of a season rests. */
const FULL_MODEL_OBSERVATIONS = 24;

/** Growth in time after which a full model is fitted anew. */
const REFIT_GROWTH = 1.33;

/** Coefficients for so many observations: three for each. */
function sizeFor(observations: number): 4 | 6 | 8 {
  if (observations < 18) return 4;
  return observations < FULL_MODEL_OBSERVATIONS ? 6 : 8;
}

/** Fits the window, anew where it grew enough, and looks at the observations ahead. */
export function follow(pixel: CcdcPixel, window: Window, before: Followed | undefined): Followed {
  const { clear, variogram, options } = pixel;
  const { start, stop } = window;
  const count = stop - start;
  const span = clear.dayNumber(stop - 1) - clear.dayNumber(start);
  if (before === undefined || count <= FULL_MODEL_OBSERVATIONS) {
    const fresh = fit(pixel, window);
    const { model } = fresh;
    const ahead = Array.from({ length: options.confirmations }, (_, index) =>
      departureOf(clear, stop + index, { model, errors: model.errors, variogram }),
    );
    return { window, ...fresh, ahead };
  }
  const fittedSpan = (before.fitted.at(-1) ?? NaN) - (before.fitted[0] ?? NaN);
  const fresh = span >= REFIT_GROWTH * fittedSpan ? fit(pixel, window) : before;
  const newest = stop + options.confirmations - 1;
  const errors = seasonErrors(fresh, clear.dayNumber(newest));
  const departure = departureOf(clear, newest, { model: fresh.model, errors, variogram });
  return { ...fresh, window, ahead: [...before.ahead.slice(1), departure] };
}

function fit(
  { clear, options }: CcdcPixel,
  { start, stop }: Window,
): Pick<Followed, "model" | "fitted" | "observations"> {
  const series = clear.slice(start, stop);
  const model = fitSeason(series, sizeFor(stop - start), options.lassoPenalty);
  return { model, fitted: series.dayNumbers, observations: stop - start };
}

/** Error of the model around a time of the year: of the residuals nearest to it in season. */
function seasonErrors({ model, fitted }: Pick<Followed, "model" | "fitted">, dayNumber: number): Float64Array {
  if (fitted.length <= FULL_MODEL_OBSERVATIONS) return model.errors;
  const apart = fitted.map((day) => {
    const days = day - dayNumber;
    return Math.abs(Math.round(days / CCDC_YEAR_DAYS) * CCDC_YEAR_DAYS - days);
  });
  const nearest = Array.from(apart, (_, date) => date)
    .toSorted((a, b) => (apart[a] ?? 0) - (apart[b] ?? 0))
    .slice(0, FULL_MODEL_OBSERVATIONS);
  return Float64Array.from(model.residuals, (residuals) => {
    let sum = 0;
    for (const date of nearest) sum += (residuals[date] ?? 0) ** 2;
    return Math.sqrt(sum / (FULL_MODEL_OBSERVATIONS - model.size));
  });
}
