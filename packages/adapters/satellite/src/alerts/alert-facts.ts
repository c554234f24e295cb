import { changeStates, type PixelChanges } from "../detect/pixel-changes.ts";
import type { AlertProperties } from "./alert-schema.ts";
import type { DetectorChanges } from "./combine-changes.ts";
import { dateOfDay } from "../series/dates.ts";
import { median, round } from "./statistics.ts";

/** What the pixels of an alert say together. */
type Facts = Pick<
  AlertProperties,
  | "areaHectares"
  | "pixels"
  | "firstSeen"
  | "confirmed"
  | "confidence"
  | "confidenceScore"
  | "clearObservations"
  | "magnitude"
  | "sources"
  | "months"
>;

interface FactsInput {
  readonly detectors: readonly DetectorChanges[];
  readonly changes: PixelChanges;
  readonly areaHectares: number;
}

/** Facts of one alert, and its anchor: the pixel that changed first (the first one of them). */
export function alertFacts(
  pixels: readonly number[],
  { detectors, changes, areaHectares }: FactsInput,
): { readonly anchor: number; readonly properties: Facts } {
  const { firstDays, confirmedDays, confidences, clearObservations, magnitudes, states } = changes;
  let anchor = pixels[0] ?? 0;
  let confirmedPixels = 0;
  let confirmedDay = Infinity;
  let confidenceSum = 0;
  for (const pixel of pixels) {
    if ((firstDays[pixel] ?? Infinity) < (firstDays[anchor] ?? Infinity)) anchor = pixel;
    confidenceSum += confidences[pixel] ?? 0;
    if (states[pixel] !== changeStates.confirmed) continue;
    confirmedPixels += 1;
    confirmedDay = Math.min(confirmedDay, confirmedDays[pixel] ?? Infinity);
  }
  const magnitude = median(pixels.map((pixel) => magnitudes[pixel] ?? Number.NaN).filter(Number.isFinite));
  return {
    anchor,
    properties: {
      areaHectares: round(areaHectares, 6),
      pixels: pixels.length,
      firstSeen: dateOfDay(firstDays[anchor] ?? Number.NaN),
      confirmed: confirmedPixels === 0 ? null : dateOfDay(confirmedDay),
      confidence: 2 * confirmedPixels >= pixels.length ? "high" : "low",
      confidenceScore: round(confidenceSum / pixels.length, 4),
      clearObservations: Math.round(median(pixels.map((pixel) => clearObservations[pixel] ?? 0)) ?? 0),
      magnitude: magnitude === undefined ? null : round(magnitude, 4),
      sources: detectors.flatMap((detector) => sourceOf(pixels, detector)),
      months: monthsOf(pixels, changes, areaHectares / pixels.length),
    },
  };
}

function sourceOf(pixels: readonly number[], { detector, changes }: DetectorChanges): Facts["sources"] {
  const seen = pixels.filter((pixel) => (changes.states[pixel] ?? 0) >= changeStates.suspected);
  if (seen.length === 0) return [];
  const least = (days: Float64Array): number =>
    seen.reduce((earliest, pixel) => {
      const day = days[pixel] ?? Number.NaN;
      return day < earliest ? day : earliest;
    }, Infinity);
  const confirmedDay = least(changes.confirmedDays);
  return [
    {
      detector,
      pixels: seen.length,
      firstSeen: dateOfDay(least(changes.firstDays)),
      confirmed: Number.isFinite(confirmedDay) ? dateOfDay(confirmedDay) : null,
    },
  ];
}

/** Hectares by month and confidence: every pixel counts once. */
function monthsOf(
  pixels: readonly number[],
  { firstDays, states }: PixelChanges,
  pixelHectares: number,
): Facts["months"] {
  const days = new Map<string, number>();
  for (const pixel of pixels) {
    // Pixels of one place change on few days; months are looked up once for each.
    const key = `${firstDays[pixel] ?? Number.NaN} ${states[pixel] === changeStates.confirmed ? "high" : "low"}`;
    days.set(key, (days.get(key) ?? 0) + 1);
  }
  const counts = new Map<string, number>();
  for (const [day, count] of days) {
    const key = `${dateOfDay(Number.parseFloat(day)).slice(0, 7)} ${day.endsWith("high") ? "high" : "low"}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => ({
      month: key.slice(0, 7),
      confidence: key.endsWith("high") ? "high" : "low",
      hectares: round(count * pixelHectares, 6),
    }));
}
