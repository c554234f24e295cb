import { type BandSample, percentile, type SceneSample, shareBelow } from "./band-sample.ts";
import type { Reading, ReadingEvidence } from "./radiometry-decision.ts";

/**
 * Limits of what a scene can look like. Shadow, water and dense vegetation reflect 0.00-0.05 in the visible and in the
 * short-wave infrared at once. That several bands go down to the same floor is what tells a dark scene; a floor that they
 * share far above zero is an offset.
 */
const LIMITS = {
  /** Share of pixels whose level is a band's dark end. */
  darkShare: 0.001,
  /** Atmospheric correction may overshoot a little. */
  darkest: -0.015,
  dark: 0.05,
  /** A scene whose darkest band ends here is no scene of the earth: an offset is missing. */
  tooBright: 0.16,
  /** Three bands that end within this of each other share a floor; above the height it is not that of dark targets. */
  floorSpread: 0.045,
  floorHeight: 0.08,
  /** Negative reflectance beyond noise, and the share of it that no scene has. */
  negative: -0.005,
  negativeShare: 0.02,
  /**
   * Share of pixels cut off at the bottom of a visible band: an offset was subtracted where none had been added. A little of it
   * is the overshooting correction of dark water, where a scene is dark otherwise, too.
   */
  bottomShare: 0.0005,
  mostBottomShare: 0.01,
  /** 99 % of pixels are below it, snow and clouds included. */
  brightest: 1.7,
  /** The median of the brightest band is above it: anything less is a wrong unit. */
  faintest: 0.003,
} as const;

const visible = ["blue", "green", "red"];
const shortWave = ["swir16", "swir22"];

/** Too few pixels say nothing. */
export const MIN_PIXELS = 500;

/** What the pixels of a scene say about one reading of them. */
export function judgeReading({ bands, isMasked }: SceneSample, reading: Reading): ReadingEvidence {
  const { scale, offset } = reading;
  const verdict = (is: ReadingEvidence["verdict"], reason: string): ReadingEvidence => ({
    reading: reading.name,
    verdict: is,
    reason,
  });
  const cut = bands.find(({ name, bottomShare }) => visible.includes(name) && bottomShare > LIMITS.bottomShare);
  const cutText = `${percent(cut?.bottomShare ?? 0)} of pixels are cut off at the bottom of ${cut?.name ?? "no band"}`;
  const most = Math.max(0, ...bands.filter(({ name }) => visible.includes(name)).map(({ bottomShare }) => bottomShare));
  if (most > LIMITS.mostBottomShare) return verdict("impossible", cutText);
  const usable = bands.filter(({ sorted }) => sorted.length >= MIN_PIXELS);
  if (usable.length === 0) return verdict("possible", "too few clear pixels to say anything");
  const at = (sample: BandSample, share: number): number => percentile(sample, share) * scale + offset;
  const brightest = Math.max(...usable.map((sample) => at(sample, 0.99)));
  if (brightest > LIMITS.brightest)
    return verdict("impossible", `1 % of pixels would reflect more than ${brightest.toFixed(2)}`);
  const faintest = Math.max(...usable.map((sample) => at(sample, 0.5)));
  if (faintest < LIMITS.faintest)
    return verdict("impossible", `half of all pixels would reflect less than ${faintest.toFixed(5)} in every band`);
  for (const sample of usable) {
    const share = shareBelow(sample, (LIMITS.negative - offset) / scale);
    if (share > LIMITS.negativeShare)
      return verdict("impossible", `${percent(share)} of pixels would be negative in ${sample.name}`);
  }
  const judged = judgeDarkEnds(
    usable.map((sample) => ({ name: sample.name, value: at(sample, LIMITS.darkShare) })),
    { isMasked, verdict },
  );
  return cut !== undefined && judged.verdict !== "supported" ? verdict("impossible", cutText) : judged;
}

interface DarkEnd {
  readonly name: string;
  readonly value: number;
}

function judgeDarkEnds(
  ends: readonly DarkEnd[],
  {
    isMasked,
    verdict,
  }: { isMasked: boolean; verdict: (is: ReadingEvidence["verdict"], reason: string) => ReadingEvidence },
): ReadingEvidence {
  const text = ends.map(({ name, value }) => `${name} ${value.toFixed(3)}`).join(", ");
  // Clouds that were not left out lift every band, as an offset does.
  const bright = isMasked ? "impossible" : "possible";
  const doubt = isMasked ? "" : "; clouds could do that, too";
  if (Math.min(...ends.map(({ value }) => value)) > LIMITS.tooBright)
    return verdict(bright, `nothing would be dark: ${text}${doubt}`);
  const telling = ends
    .filter(({ name }) => visible.includes(name) || shortWave.includes(name))
    .toSorted((a, b) => a.value - b.value)
    .slice(0, 3);
  const [lowest, , third] = telling;
  const isMixed =
    telling.some(({ name }) => visible.includes(name)) && telling.some(({ name }) => shortWave.includes(name));
  if (
    lowest !== undefined &&
    third !== undefined &&
    isMixed &&
    lowest.value > LIMITS.floorHeight &&
    third.value - lowest.value < LIMITS.floorSpread
  )
    return verdict(bright, `several bands end at one floor, which is not that of dark targets: ${text}${doubt}`);
  const isDark = ({ value }: DarkEnd): boolean => value >= LIMITS.darkest && value <= LIMITS.dark;
  const darkVisible = ends.filter((end) => visible.includes(end.name) && isDark(end));
  const darkShortWave = ends.filter((end) => shortWave.includes(end.name) && isDark(end));
  const isTooDark = ends.some(({ value }) => value < LIMITS.darkest);
  const isSupported = darkVisible.length >= 2 && darkShortWave.length >= 1 && !isTooDark;
  if (isSupported && isMasked) return verdict("supported", `dark targets where they belong: ${text}`);
  return verdict("possible", `dark ends of the bands: ${text}${doubt}`);
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
