import { DAY_NUMBER_OF_1970 } from "./lasso.ts";
import type { SeasonModel } from "./season-model.ts";

/**
 * How a segment came about. `stable`: found and followed; `start`, `gap`, `end`: what lies before, between and after those
 * and was too restless or too short for one; `snow`, `few-clear`: pixels without change detection.
 */
export type CcdcSegmentKind = "stable" | "start" | "gap" | "end" | "snow" | "few-clear";

/** A stretch of time in which a pixel kept to one curve in each band. Days since 1970-01-01. */
export interface CcdcSegment {
  readonly kind: CcdcSegmentKind;
  readonly startDay: number;
  readonly endDay: number;
  /** Day of the first observation after a change; null without one. */
  readonly breakDay: number | null;
  /** 1 for a confirmed change, 0 for none, between when the series ends before it could be confirmed. */
  readonly changeProbability: number;
  readonly observations: number;
  /** Numbers in each curve: 4, 6 or 8; 1 for a median. */
  readonly size: number;
  /**
   * Of each band, in the order of `ccdcBands`: intercept, trend per day, cosine and sine of three harmonics, of day numbers
   * that count from year 0 (1970-01-01 is 719,529), as in the published implementation.
   */
  readonly coefficients: readonly Float64Array[];
  readonly errors: Float64Array;
  /** Median of observed minus expected over the observations that confirmed the change; 0 without one. */
  readonly magnitudes: Float64Array;
}

/** Makes a segment without a change; times are day numbers. */
export function segmentOf(
  kind: CcdcSegmentKind,
  model: SeasonModel,
  times: { readonly from: number; readonly to: number; readonly observations: number },
): CcdcSegment {
  return {
    kind,
    startDay: times.from - DAY_NUMBER_OF_1970,
    endDay: times.to - DAY_NUMBER_OF_1970,
    breakDay: null,
    changeProbability: 0,
    observations: times.observations,
    size: model.size,
    coefficients: model.coefficients,
    errors: model.errors,
    magnitudes: new Float64Array(model.errors.length),
  };
}
