import type { TaskContext } from "@stargate/kernel";
import type { PixelSeries } from "../series/pixel-series.ts";
import { monitorBfast } from "./bfast/bfast-monitor.ts";
import type { Detector } from "./detector-options.ts";
import { monitorExtremes } from "./extremes/extremes-monitor.ts";
import { monitorHarmonic } from "./harmonic/harmonic-monitor.ts";
import type { MonitorWindow } from "./monitor-window.ts";
import type { PixelChanges } from "./pixel-changes.ts";

/** A block of pixels to be watched; structured-cloneable. */
export interface DetectRequest {
  readonly series: PixelSeries;
  readonly window: MonitorWindow;
  readonly detector: Detector;
}

/** Runs a detector over a block. Throws SG_SATELLITE_SERIES. */
export function detectChanges({ series, window, detector }: DetectRequest, context: TaskContext): PixelChanges {
  const changes = runDetector(series, window, detector);
  context.transfer(
    [
      changes.states,
      changes.firstDays,
      changes.confirmedDays,
      changes.magnitudes,
      changes.confidences,
      changes.clearObservations,
    ].map(({ buffer }) => buffer as ArrayBuffer),
  );
  return changes;
}

function runDetector(series: PixelSeries, window: MonitorWindow, detector: Detector): PixelChanges {
  switch (detector.name) {
    case "harmonic":
      return monitorHarmonic(series, window, detector);
    case "bfast-monitor":
      return monitorBfast(series, window, detector);
    case "extremes":
      return monitorExtremes(series, window, detector);
  }
}
