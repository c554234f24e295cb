import { changeStates, createPixelChanges, type PixelChanges } from "../detect/pixel-changes.ts";

/** What one detector found. */
export interface DetectorChanges {
  /** "harmonic", "bfast-monitor", "ccdc". */
  readonly detector: string;
  readonly changes: PixelChanges;
}

/**
 * What several detectors found together, as the integrated alerts of Global Forest Watch have it: a change that two of
 * them see, each with observations that agree, is confirmed from the day on which the second saw it; the first to see it
 * dates it. Confidences combine as
 * independent ones; the magnitude is that of the most confident. "stable" needs one detector that could look.
 */
export function combineChanges(detectors: readonly DetectorChanges[]): PixelChanges {
  const [only] = detectors;
  if (detectors.length === 1 && only !== undefined) return only.changes;
  const pixels = only?.changes.pixels ?? 0;
  const combined = createPixelChanges(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) combinePixel(pixel, detectors, combined);
  return combined;
}

/**
 * Confidence from which a suspicion counts as a second opinion: about two observations that agree. Detectors look at the
 * same pictures, so one cloud that nobody masked makes all of them suspicious at once.
 */
const AGREEING = 0.8;

function combinePixel(pixel: number, detectors: readonly DetectorChanges[], combined: PixelChanges): void {
  const seen: number[] = [];
  const strong: number[] = [];
  let state: number = changeStates.unobserved;
  let confirmedDay = Infinity;
  let doubt = 1;
  let best = -1;
  for (const { changes } of detectors) {
    const own = changes.states[pixel] ?? 0;
    state = Math.max(state, own);
    combined.clearObservations[pixel] = Math.max(
      combined.clearObservations[pixel] ?? 0,
      changes.clearObservations[pixel] ?? 0,
    );
    if (own < changeStates.suspected) continue;
    seen.push(changes.firstDays[pixel] ?? Number.NaN);
    if (own === changeStates.confirmed) confirmedDay = Math.min(confirmedDay, changes.confirmedDays[pixel] ?? Infinity);
    const confidence = changes.confidences[pixel] ?? 0;
    if (own === changeStates.confirmed || confidence >= AGREEING) strong.push(changes.firstDays[pixel] ?? Number.NaN);
    doubt *= 1 - confidence;
    if (confidence > best) {
      best = confidence;
      combined.magnitudes[pixel] = changes.magnitudes[pixel] ?? Number.NaN;
    }
  }
  const [first] = seen.toSorted((a, b) => a - b);
  const [, second] = strong.toSorted((a, b) => a - b);
  if (second !== undefined) {
    state = changeStates.confirmed;
    confirmedDay = Math.min(confirmedDay, second);
  }
  combined.states[pixel] = state;
  if (first === undefined) return;
  combined.firstDays[pixel] = first;
  if (state === changeStates.confirmed) combined.confirmedDays[pixel] = confirmedDay;
  combined.confidences[pixel] = 1 - doubt;
}
