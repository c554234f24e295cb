import type { PixelSeries } from "../../series/pixel-series.ts";
import { harmonicBasis } from "../harmonic/harmonic-basis.ts";
import { medianInPlace } from "../linear/median.ts";
import { datesOf, type MonitorWindow } from "../monitor-window.ts";
import { changeStates, createPixelChanges, type PixelChanges } from "../pixel-changes.ts";
import type { BfastOptions } from "./bfast-options.ts";
import { criticalValues } from "./critical-values.ts";
import { createRecursiveFit } from "./recursive-fit.ts";
import { stableFrom } from "./stable-history.ts";

/**
 * BFAST-monitor (Verbesselt, Zeileis and Herold 2012): a trend and harmonics are fitted to the stable part of the history,
 * and a change is confirmed on the day the moving sum of residuals leaves its boundary. The magnitude is the median of
 * observed minus expected over the whole watched time. Pixels whose stable history is too short are unobserved.
 * Throws SG_SATELLITE_SERIES.
 */
export function monitorBfast(series: PixelSeries, window: MonitorWindow, options: BfastOptions): PixelChanges {
  const { days, values, pixels } = series;
  const { historyFrom, monitorFrom, monitorTo } = datesOf(series, window);
  const { size, rows } = harmonicBasis(days, options, window.monitorFromDay);
  const critical = criticalValues[options.level];
  const criticalSum = critical.mosum[options.bandwidth];
  const dates = Math.max(0, monitorTo - historyFrom);
  const offsets = new Int32Array(dates);
  const observed = new Float64Array(dates);
  const residuals = new Float64Array(dates);
  const scratch = new Float64Array(dates);
  const coefficients = new Float64Array(size);
  const fit = createRecursiveFit(size);
  const changes = createPixelChanges(pixels);

  for (let pixel = 0; pixel < pixels; pixel++) {
    const start = pixel * days.length;
    let count = 0;
    let history = 0;
    for (let date = historyFrom; date < monitorTo; date++) {
      const value = values[start + date] ?? 0;
      if (!Number.isFinite(value)) continue;
      if (date < monitorFrom) history++;
      offsets[count] = date * size;
      observed[count++] = value;
    }
    changes.clearObservations[pixel] = count - history;
    if (history <= size + 1 || count === history) continue;
    const from =
      options.history === "all"
        ? 0
        : stableFrom({ count: history, offsets, values: observed }, fit, {
            rows,
            size,
            critical: critical.cusum,
            sums: scratch,
          });
    const stable = history - from;
    const width = Math.floor(options.bandwidth * stable);
    if (width <= 1 || stable <= size) continue;
    fit.reset();
    for (let place = from; place < history; place++) fit.add(rows, offsets[place] ?? 0, observed[place] ?? 0);
    if (!fit.solve(coefficients)) continue;
    let squares = 0;
    for (let place = from; place < count; place++) {
      let residual = observed[place] ?? 0;
      for (let term = 0; term < size; term++)
        residual -= (coefficients[term] ?? 0) * (rows[(offsets[place] ?? 0) + term] ?? 0);
      residuals[place] = residual;
      if (place < history) squares += residual * residual;
    }
    const spread = Math.sqrt(squares / (stable - size)) * Math.sqrt(stable);
    let sum = 0;
    for (let place = history - width; place < history; place++) sum += residuals[place] ?? 0;
    let breakPlace = -1;
    let excess = 0;
    for (let place = history; place < count; place++) {
      sum += (residuals[place] ?? 0) - (residuals[place - width] ?? 0);
      const share = (place - from + 1) / stable;
      const boundary = criticalSum * Math.sqrt(2 * (share <= Math.E ? 1 : Math.log(share)));
      excess = sum / (spread * boundary);
      if (breakPlace < 0 && towards(excess, options) > 1) breakPlace = place;
    }
    for (let place = history; place < count; place++) scratch[place - history] = residuals[place] ?? 0;
    changes.magnitudes[pixel] = medianInPlace(scratch, count - history);
    if (breakPlace < 0) {
      changes.states[pixel] = changeStates.stable;
      continue;
    }
    const day = days[(offsets[breakPlace] ?? 0) / size] ?? 0;
    changes.states[pixel] = changeStates.confirmed;
    changes.firstDays[pixel] = day;
    changes.confirmedDays[pixel] = day;
    // The level at the boundary, more beyond it, less when the moving sum has come back.
    changes.confidences[pixel] = 1 - options.level ** Math.max(0, towards(excess, options));
  }
  return changes;
}

/** How far a moving sum is on its way to the boundary that the direction asks for; 1 on the boundary. */
function towards(excess: number, { direction }: BfastOptions): number {
  if (direction === "both") return Math.abs(excess);
  return direction === "loss" ? -excess : excess;
}
