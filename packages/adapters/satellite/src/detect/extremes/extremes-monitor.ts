import type { PixelSeries } from "../../series/pixel-series.ts";
import { createEvidence, strongerEvidence } from "../evidence/evidence.ts";
import { medianInPlace } from "../linear/median.ts";
import { datesOf, type MonitorWindow } from "../monitor-window.ts";
import { changeStates, createPixelChanges, type PixelChanges } from "../pixel-changes.ts";
import type { ExtremesOptions } from "./extremes-options.ts";
import { seasonNeighbours } from "./season-neighbours.ts";

/**
 * Watches for observations beyond all clear ones of the same time of the year in the years before, as the vegetation loss
 * of DIST-ALERT does (Pickens et al. 2025: below the minimum of the previous three years within 15 days). It assumes no
 * curve and so errs elsewhere than the harmonic monitor. Magnitudes are against the median of those observations.
 * Throws SG_SATELLITE_SERIES.
 */
export function monitorExtremes(series: PixelSeries, window: MonitorWindow, options: ExtremesOptions): PixelChanges {
  const { days, values, pixels } = series;
  const dates = datesOf(series, window);
  const { monitorFrom, monitorTo } = dates;
  const neighbours = seasonNeighbours(days, dates, options);
  const changes = createPixelChanges(pixels);
  const rule = { evidence: "consecutive", threshold: options.margin, confirmations: options.confirmations } as const;
  const loss = options.direction === "gain" ? undefined : createEvidence(rule);
  const gain = options.direction === "loss" ? undefined : createEvidence(rule);
  const scratch = new Float64Array(days.length);
  const departures = new Float64Array(days.length);

  /** Copies the clear observations around a watched date into scratch and counts them. */
  function gather(offset: number, watched: number): number {
    let count = 0;
    for (let at = neighbours.starts[watched] ?? 0; at < (neighbours.starts[watched + 1] ?? 0); at++) {
      const value = values[offset + (neighbours.dates[at] ?? 0)] ?? 0;
      if (Number.isFinite(value)) scratch[count++] = value;
    }
    return count;
  }

  function magnitudeSince(offset: number, firstDate: number): number {
    let count = 0;
    for (let date = firstDate; date < monitorTo; date++) {
      const value = values[offset + date] ?? 0;
      if (!Number.isFinite(value)) continue;
      const around = gather(offset, date - monitorFrom);
      if (around >= options.minObservations) departures[count++] = value - medianInPlace(scratch, around);
    }
    return medianInPlace(departures, count);
  }

  for (let pixel = 0; pixel < pixels; pixel++) {
    const offset = pixel * days.length;
    loss?.reset();
    gain?.reset();
    let clear = 0;
    let judged = 0;
    for (let date = monitorFrom; date < monitorTo; date++) {
      const value = values[offset + date] ?? 0;
      if (!Number.isFinite(value)) continue;
      clear++;
      const around = gather(offset, date - monitorFrom);
      if (around < options.minObservations) continue;
      judged++;
      let least = Infinity;
      let most = -Infinity;
      for (let index = 0; index < around; index++) {
        least = Math.min(least, scratch[index] ?? 0);
        most = Math.max(most, scratch[index] ?? 0);
      }
      loss?.add(least - value, date);
      gain?.add(value - most, date);
    }
    changes.clearObservations[pixel] = clear;
    if (judged === 0) continue;
    const evidence = strongerEvidence(loss, gain);
    if (evidence === undefined || evidence.firstDate() < 0) {
      changes.states[pixel] = changeStates.stable;
      continue;
    }
    const confirmed = evidence.confirmedDate();
    changes.states[pixel] = confirmed < 0 ? changeStates.suspected : changeStates.confirmed;
    changes.firstDays[pixel] = days[evidence.firstDate()] ?? 0;
    if (confirmed >= 0) changes.confirmedDays[pixel] = days[confirmed] ?? 0;
    changes.confidences[pixel] = evidence.confidence();
    changes.magnitudes[pixel] = magnitudeSince(offset, evidence.firstDate());
  }
  return changes;
}
