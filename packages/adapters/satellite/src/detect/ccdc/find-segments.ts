import { medianInPlace } from "../linear/median.ts";
import type { CcdcOptions } from "./ccdc-options.ts";
import { type CcdcSegment, type CcdcSegmentKind, segmentOf } from "./ccdc-segment.ts";
import type { Departure } from "./change-distance.ts";
import { createClearDates } from "./clear-dates.ts";
import { type Followed, follow } from "./follow-segment.ts";
import { DAY_NUMBER_OF_1970 } from "./lasso.ts";
import { type ClearSeries, fitMedian, fitSeason } from "./season-model.ts";
import { type CcdcPixel, isEnough, lookBack, outliersIn, tryStart, type Window } from "./start-segment.ts";

/**
 * Divides the clear observations of a pixel into segments (CCDC): a steady start is looked for, taken back to the break
 * before, and followed until six observations in a row leave the curve; what lies between is fitted as a gap.
 * Follows the description of Zhu and Woodcock (2014) and the behaviour of version 13 of their program.
 */
export function findSegments(series: ClearSeries, options: CcdcOptions): CcdcSegment[] {
  const clear = createClearDates(series);
  const pixel: CcdcPixel = { clear, variogram: variogramOf(series), options };
  const { confirmations } = options;
  const segments: CcdcSegment[] = [];
  let window: Window = { start: 0, stop: options.minObservations };
  let followed: Followed | undefined;
  while (window.stop <= clear.count() - confirmations) {
    if (isEnough(pixel, window)) {
      if (followed === undefined) {
        const attempt = tryStart(pixel, window);
        ({ window } = attempt);
        if (attempt.model === undefined) continue;
        const earliest = firstPlace(pixel, segments);
        window = lookBack(pixel, window, attempt.model, earliest);
        const between = restSegment(pixel, segments.length === 0 ? "start" : "gap", {
          from: earliest,
          to: window.start,
        });
        if (between !== undefined) segments.push(sinceBreak(between, segments.at(-1)));
      }
      followed = follow(pixel, window, followed);
      const nearest = followed.ahead[0];
      if (followed.ahead.every(({ distance }) => distance > options.changeThreshold)) {
        segments.push(brokenSegment(pixel, followed, confirmations));
        // The next one starts after the break; the step below adds the first observation beyond the last of this one.
        window = { start: window.stop, stop: window.stop };
        followed = undefined;
      } else if ((nearest?.distance ?? 0) > options.outlierThreshold) {
        clear.remove([window.stop]);
        continue;
      }
    }
    window = { start: window.start, stop: window.stop + 1 };
  }
  if (followed === undefined) segments.push(...endSegments(pixel, segments));
  else segments.push(...lastSegments(pixel, followed));
  return segments;
}

function variogramOf({ values }: ClearSeries): Float64Array {
  return Float64Array.from(values, (band) => {
    const steps = band.subarray(1).map((value, index) => Math.abs(value - (band[index] ?? NaN)));
    return medianInPlace(steps, steps.length);
  });
}

/** First observation after the last segment. */
function firstPlace({ clear }: CcdcPixel, segments: readonly CcdcSegment[]): number {
  const last = segments.at(-1);
  return last === undefined ? 0 : clear.after(last.endDay + DAY_NUMBER_OF_1970);
}

/** What is too restless to be followed: a simple curve, or a median where there is not even enough for that. */
function restSegment(
  { clear, options }: CcdcPixel,
  kind: CcdcSegmentKind,
  { from, to }: { readonly from: number; readonly to: number },
): CcdcSegment | undefined {
  if (to <= from) return undefined;
  const series = clear.slice(from, to);
  const isCurve = to - from >= options.confirmations;
  const model = isCurve ? fitSeason(series, 4, options.lassoPenalty) : fitMedian(series);
  return segmentOf(kind, model, { from: clear.dayNumber(from), to: clear.dayNumber(to - 1), observations: to - from });
}

/** A gap begins with the break before it, also when the observation of that day turned out an outlier. */
function sinceBreak(gap: CcdcSegment, before: CcdcSegment | undefined): CcdcSegment {
  return { ...gap, startDay: before?.breakDay ?? gap.startDay };
}

function followedSegment({ clear }: CcdcPixel, { window, model, observations }: Followed): CcdcSegment {
  const times = { from: clear.dayNumber(window.start), to: clear.dayNumber(window.stop - 1), observations };
  return segmentOf("stable", model, times);
}

function brokenSegment(pixel: CcdcPixel, followed: Followed, confirmations: number): CcdcSegment {
  return {
    ...followedSegment(pixel, followed),
    breakDay: pixel.clear.dayNumber(followed.window.stop) - DAY_NUMBER_OF_1970,
    changeProbability: 1,
    magnitudes: medianDeparture(followed.ahead.slice(0, confirmations)),
  };
}

/** The segment that lasts to the end, and what may be the beginning of a change after it. */
function lastSegments(pixel: CcdcPixel, followed: Followed): CcdcSegment[] {
  const { clear, options } = pixel;
  const { ahead } = followed;
  const stable = ahead.findLastIndex(({ distance }) => distance <= options.changeThreshold) + 1;
  const end = clear.count() - ahead.length + stable;
  const segment = {
    ...followedSegment(pixel, followed),
    endDay: clear.dayNumber(end - 1) - DAY_NUMBER_OF_1970,
    changeProbability: (ahead.length - stable) / ahead.length,
  };
  if (stable === ahead.length) return [segment];
  const rest = clear.slice(end, clear.count());
  const times = {
    from: clear.dayNumber(end),
    to: clear.dayNumber(clear.count() - 1),
    observations: clear.count() - end,
  };
  return [
    {
      ...segment,
      breakDay: clear.dayNumber(end) - DAY_NUMBER_OF_1970,
      magnitudes: medianDeparture(ahead.slice(stable)),
    },
    segmentOf("end", fitMedian(rest), times),
  ];
}

/** What follows the last break when no steady start was found after it. */
function endSegments(pixel: CcdcPixel, segments: readonly CcdcSegment[]): CcdcSegment[] {
  const { clear, options } = pixel;
  const from = firstPlace(pixel, segments);
  if (clear.count() - from > options.confirmations)
    clear.remove(
      outliersIn(pixel, from, clear.count()).filter((place) => place < clear.count() - options.confirmations),
    );
  const rest = restSegment(pixel, "end", { from, to: clear.count() });
  return rest === undefined ? [] : [rest];
}

function medianDeparture(departures: readonly Departure[]): Float64Array {
  const bands = departures[0]?.bands.length ?? 0;
  return Float64Array.from({ length: bands }, (_, band) => {
    const values = Float64Array.from(departures, (departure) => departure.bands[band] ?? NaN);
    return medianInPlace(values, values.length);
  });
}
