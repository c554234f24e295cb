import type { OpenBand } from "../read/open-band.ts";
import { sortedNumbers } from "./sorted-numbers.ts";

/** Numbers of a band, spread over its scene; without those that say that nothing was observed. */
export interface BandSample {
  readonly name: string;
  readonly sorted: Float64Array;
  /** Share of pixels that hold 0 or 1 here while another band observed something: cut off at the bottom. */
  readonly bottomShare: number;
}

/** What is looked at to judge how a scene is to be read. */
export interface SceneSample {
  readonly bands: readonly BandSample[];
  /** Whether clouds were left out; without a mask haze looks like an offset. */
  readonly isMasked: boolean;
}

/** Points along each side of the lattice of a scene: 65,536 in all. */
const LATTICE = 256;

/** Windows along each side, and their width in pixels, where a file has no overview. */
const WINDOWS = 3;
const WINDOW_PIXELS = 192;

/**
 * Numbers at the points of a lattice over the whole scene: its dark targets may lie outside of the area of interest. Bands of
 * one scene share its outline, so a point is the same place in all of them. From an overview where there is one, else
 * nine windows stand for the whole.
 */
export async function sampleLattice(band: OpenBand): Promise<Float64Array> {
  const { widthPixels, heightPixels } = band.grid;
  const longest = Math.max(widthPixels, heightPixels);
  const decimate = Math.max(1, Math.floor(longest / (2 * LATTICE)));
  const output = new Float64Array(LATTICE * LATTICE);
  if (decimate === 1 || (await band.overviews()).length > 0) {
    const window = { column: 0, row: 0, widthPixels, heightPixels };
    const numbers = await band.readWindow(window, { decimate });
    const [width, height] = [Math.ceil(widthPixels / decimate), Math.ceil(heightPixels / decimate)];
    for (let index = 0; index < output.length; index++) {
      const x = Math.floor((((index % LATTICE) + 0.5) / LATTICE) * width);
      const y = Math.floor(((Math.floor(index / LATTICE) + 0.5) / LATTICE) * height);
      output[index] = numbers[y * width + x] ?? Number.NaN;
    }
    return output;
  }
  const points = Math.floor(LATTICE / WINDOWS);
  // The same share of the scene in every band, whatever the size of its pixels.
  const share = WINDOW_PIXELS / longest;
  const width = Math.max(1, Math.floor(widthPixels * share));
  const height = Math.max(1, Math.floor(heightPixels * share));
  const firsts = Array.from({ length: WINDOWS }, (_, index) => index / (WINDOWS - 1));
  const parts = await Promise.all(
    firsts.flatMap((down) =>
      firsts.map(async (across) => {
        const window = {
          column: Math.floor((widthPixels - width) * across),
          row: Math.floor((heightPixels - height) * down),
          widthPixels: width,
          heightPixels: height,
        };
        const numbers = await band.readWindow(window);
        return Float64Array.from({ length: points * points }, (_, index) => {
          const x = Math.floor((((index % points) + 0.5) / points) * width);
          const y = Math.floor(((Math.floor(index / points) + 0.5) / points) * height);
          return numbers[y * width + x] ?? Number.NaN;
        });
      }),
    ),
  );
  return Float64Array.from(parts.flatMap((part) => [...part]));
}

/** Samples of the bands of one scene, of the clear points where it is known which these are. */
export function sceneSample(
  read: readonly { readonly band: Pick<OpenBand, "name" | "nodata">; readonly numbers: Float64Array }[],
  isClear: ((point: number) => boolean) | undefined,
): SceneSample {
  const counted = read.map(({ band, numbers }) => ({ band, ...observedNumbers(band, numbers, isClear) }));
  // Zeros that say "no data" around the scene are missing in every band; what a band misses beyond that was cut off.
  const outside = Math.min(1, ...counted.map(({ nothingShare }) => nothingShare));
  const bands = counted.map(({ band, observed, bottomShare }) => ({
    name: band.name,
    sorted: sortedNumbers(observed),
    bottomShare: Math.max(0, bottomShare - (band.nodata === 0 ? outside : 0)),
  }));
  return { bands, isMasked: isClear !== undefined };
}

/** Numbers of the clear points where something was observed; shares of those where nothing was, and of zeros and ones. */
function observedNumbers(
  { nodata }: Pick<OpenBand, "nodata">,
  numbers: Float64Array,
  isClear: ((point: number) => boolean) | undefined,
): { readonly observed: Float64Array<ArrayBuffer>; readonly nothingShare: number; readonly bottomShare: number } {
  const observed = new Float64Array(numbers.length);
  let clear = 0;
  let kept = 0;
  let atBottom = 0;
  for (let point = 0; point < numbers.length; point++) {
    if (isClear?.(point) === false) continue;
    const value = numbers[point] as number; // within bounds
    clear++;
    if (value === 0 || value === 1) atBottom++;
    if (!Number.isNaN(value) && value !== nodata) observed[kept++] = value;
  }
  const share = (count: number): number => (clear === 0 ? 0 : count / clear);
  return {
    observed: observed.subarray(0, kept),
    nothingShare: share(clear - kept),
    bottomShare: share(atBottom),
  };
}

/** Number below which a share of the sample lies. */
export function percentile({ sorted }: BandSample, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Share of the sample below a number. */
export function shareBelow({ sorted }: BandSample, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < limit) low = middle + 1; // within bounds
    else high = middle;
  }
  return sorted.length === 0 ? 0 : low / sorted.length;
}
