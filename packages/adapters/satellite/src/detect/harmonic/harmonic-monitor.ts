import type { PixelSeries } from "../../series/pixel-series.ts";
import { createEvidence, strongerEvidence } from "../evidence/evidence.ts";
import { medianInPlace } from "../linear/median.ts";
import { datesOf, type MonitorWindow } from "../monitor-window.ts";
import { changeStates, createPixelChanges, type PixelChanges } from "../pixel-changes.ts";
import { harmonicBasis } from "./harmonic-basis.ts";
import { createHarmonicFit } from "./harmonic-fit.ts";
import type { HarmonicOptions } from "./harmonic-options.ts";
import { evenNoise, learnSeasonNoise } from "./season-noise.ts";

/**
 * Learns each pixel's year from its history (level and harmonics) and watches what follows for observations that stay
 * away from it. Time grows linearly with dates and pixels. Throws SG_SATELLITE_SERIES.
 */
export function monitorHarmonic(series: PixelSeries, window: MonitorWindow, options: HarmonicOptions): PixelChanges {
  const { days, values, pixels } = series;
  const dates = datesOf(series, window);
  const { monitorFrom, monitorTo } = dates;
  const basis = harmonicBasis(days, options, window.monitorFromDay);
  const noise = options.seasonalNoise ? learnSeasonNoise(series, { basis, dates }, options) : evenNoise(days.length);
  const fit = createHarmonicFit(days, { basis, dates, noise }, options);
  const changes = createPixelChanges(pixels);
  const loss = options.direction === "gain" ? undefined : createEvidence(options);
  const gain = options.direction === "loss" ? undefined : createEvidence(options);
  const departures = new Float64Array(Math.max(0, monitorTo - monitorFrom));
  const sorted = new Float64Array(departures.length);

  /** Median of what lies between observed and expected since the change began. */
  function magnitudeSince(firstDate: number): number {
    let count = 0;
    for (let date = firstDate; date < monitorTo; date++) {
      const departure = departures[date - monitorFrom] ?? 0;
      if (!Number.isNaN(departure)) sorted[count++] = departure;
    }
    return medianInPlace(sorted, count);
  }

  for (let pixel = 0; pixel < pixels; pixel++) {
    const offset = pixel * days.length;
    const isFitted = fit.fit(values, offset);
    loss?.reset();
    gain?.reset();
    let clear = 0;
    for (let date = monitorFrom; date < monitorTo; date++) {
      const value = values[offset + date] ?? 0;
      departures[date - monitorFrom] = NaN;
      if (!Number.isFinite(value)) continue;
      clear++;
      if (!isFitted) continue;
      const departure = value - fit.expected(date);
      departures[date - monitorFrom] = departure;
      const distance = departure / fit.spread(date);
      loss?.add(-distance, date);
      gain?.add(distance, date);
    }
    changes.clearObservations[pixel] = clear;
    if (!isFitted || clear === 0) continue;
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
    changes.magnitudes[pixel] = magnitudeSince(evidence.firstDate());
  }
  return changes;
}
