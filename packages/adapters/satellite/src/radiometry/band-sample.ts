import type { OpenBand } from "../read/open-band.ts";

/** Numbers of a band, spread over its scene, sorted; without those that say that nothing was observed. */
export interface BandSample {
  readonly name: string;
  readonly sorted: Float64Array;
  /** Pixels of the sample where another band observed something and this one holds 0 or 1: cut off at the bottom. */
  readonly bottomShare: number;
}

/** Side of the picture that is looked at. */
const SAMPLE_SIDE = 512;

/** Windows along each side, where a file has no overview. */
const LATTICE = 3;
const WINDOW_PIXELS = 128;

/**
 * Numbers spread over the whole scene: the dark targets of a scene may lie outside of the area of interest. From an
 * overview where there is one, else from nine small windows.
 */
export async function sampleNumbers(band: OpenBand): Promise<Float64Array> {
  const { widthPixels, heightPixels } = band.grid;
  const decimate = Math.max(1, Math.floor(Math.max(widthPixels, heightPixels) / SAMPLE_SIDE));
  const hasOverview = decimate === 1 || (await band.overviews()).length > 0;
  if (hasOverview)
    return Float64Array.from(await band.readWindow({ column: 0, row: 0, widthPixels, heightPixels }, { decimate }));
  const width = Math.min(WINDOW_PIXELS, widthPixels);
  const height = Math.min(WINDOW_PIXELS, heightPixels);
  const windows = Array.from({ length: LATTICE * LATTICE }, (_, index) => ({
    column: Math.floor(((widthPixels - width) * (index % LATTICE)) / (LATTICE - 1)),
    row: Math.floor(((heightPixels - height) * Math.floor(index / LATTICE)) / (LATTICE - 1)),
    widthPixels: width,
    heightPixels: height,
  }));
  const parts = await Promise.all(windows.map((window) => band.readWindow(window)));
  return Float64Array.from(parts.flatMap((part) => [...part]));
}

/**
 * Samples of the bands of one scene. Values at the bottom count only where the scene has data at all, told by the share of
 * pixels that every band misses.
 */
export function bandSamples(
  read: readonly { readonly band: OpenBand; readonly numbers: Float64Array }[],
): readonly BandSample[] {
  const missing = read.map(({ band, numbers }) => shareOf(numbers, (value) => isNothing(value, band.nodata)));
  const outside = Math.min(1, ...missing);
  return read.map(({ band, numbers }) => {
    const sorted = numbers.filter((value) => !isNothing(value, band.nodata)).sort();
    const atBottom = shareOf(numbers, (value) => value === 0 || value === 1);
    // Zeros that say "no data" around the scene are missing in every band; what a band misses beyond that was cut off.
    const edge = band.nodata === 0 ? outside : 0;
    return { name: band.name, sorted, bottomShare: Math.max(0, atBottom - edge) };
  });
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

const isNothing = (value: number, nodata: number | undefined): boolean => Number.isNaN(value) || value === nodata;

function shareOf(numbers: Float64Array, test: (value: number) => boolean): number {
  let count = 0;
  for (const value of numbers) if (test(value)) count++;
  return numbers.length === 0 ? 0 : count / numbers.length;
}
