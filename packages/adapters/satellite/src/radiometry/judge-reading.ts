import { type BandSample, percentile, shareBelow } from "./band-sample.ts";
import type { Reading, ReadingEvidence } from "./radiometry-decision.ts";

/**
 * Limits of what a scene can look like. Shadow, water and dense vegetation reflect 0.00-0.05 in the visible and in the short-wave
 * infrared at once; that several bands go down to the same floor is what tells a dark scene from an offset.
 */
const LIMITS = {
  /** Share of pixels whose level is a band's dark end. */
  darkShare: 0.001,
  /** Atmospheric correction may overshoot a little. */
  darkest: -0.015,
  dark: 0.05,
  /** A scene whose darkest band ends here is no scene of the earth: an offset is missing. */
  tooBright: 0.16,
  /** Negative reflectance beyond noise, and the share of it that no scene has. */
  negative: -0.005,
  negativeShare: 0.02,
  /** Cut off at the bottom in a visible band: an offset was subtracted where none had been added. */
  bottomShare: 0.0005,
  /** 99 % of pixels are below it, snow and clouds included. */
  brightest: 1.7,
  /** The median of the brightest band is above it: anything less is a wrong unit. */
  faintest: 0.003,
} as const;

const visible = ["blue", "green", "red"];
const shortWave = ["swir16", "swir22"];

/** Too few pixels say nothing. */
const MIN_PIXELS = 500;

/** What the pixels of a scene say about one reading of them. */
export function judgeReading(samples: readonly BandSample[], reading: Reading): ReadingEvidence {
  const { scale, offset } = reading;
  const usable = samples.filter(({ sorted }) => sorted.length >= MIN_PIXELS);
  const verdict = (is: ReadingEvidence["verdict"], reason: string): ReadingEvidence => ({
    reading: reading.name,
    verdict: is,
    reason,
  });
  if (usable.length === 0) return verdict("possible", "too few pixels to say anything");
  const at = (sample: BandSample, share: number): number => percentile(sample, share) * scale + offset;
  const dark = usable.map((sample) => ({ name: sample.name, value: at(sample, LIMITS.darkShare) }));
  const darkText = dark.map(({ name, value }) => `${name} ${value.toFixed(3)}`).join(", ");
  const brightest = Math.max(...usable.map((sample) => at(sample, 0.99)));
  if (brightest > LIMITS.brightest)
    return verdict("impossible", `1 % of pixels would reflect more than ${brightest.toFixed(2)}`);
  const faintest = Math.max(...usable.map((sample) => at(sample, 0.5)));
  if (faintest < LIMITS.faintest)
    return verdict("impossible", `half of all pixels would reflect less than ${faintest.toFixed(5)} in every band`);
  for (const sample of usable) {
    const share = shareBelow(sample, (LIMITS.negative - offset) / scale);
    if (share > LIMITS.negativeShare)
      return verdict("impossible", `${(share * 100).toFixed(1)} % of pixels would be negative in ${sample.name}`);
  }
  const cut = usable.find(({ name, bottomShare }) => visible.includes(name) && bottomShare > LIMITS.bottomShare);
  if (cut !== undefined)
    return verdict(
      "impossible",
      `${(cut.bottomShare * 100).toFixed(2)} % of pixels are cut off at the bottom of ${cut.name}`,
    );
  const floor = Math.min(...dark.map(({ value }) => value));
  if (floor > LIMITS.tooBright) return verdict("impossible", `nothing would be dark: ${darkText}`);
  const isDark = ({ value }: { readonly value: number }): boolean => value >= LIMITS.darkest && value <= LIMITS.dark;
  const darkVisible = dark.filter((band) => visible.includes(band.name) && isDark(band));
  const darkShortWave = dark.filter((band) => shortWave.includes(band.name) && isDark(band));
  const isTooDark = dark.some(({ value }) => value < LIMITS.darkest);
  if (darkVisible.length >= 2 && darkShortWave.length >= 1 && !isTooDark)
    return verdict("supported", `dark targets where they belong: ${darkText}`);
  return verdict("possible", `dark ends of the bands: ${darkText}`);
}
