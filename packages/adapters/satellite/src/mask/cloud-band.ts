import { clippedWindow } from "../grid/affine.ts";
import type { PixelWindow } from "../grid/grid.ts";
import type { OpenBand } from "../read/open-band.ts";
import { subsample } from "../read/subsample.ts";
import { fail } from "../satellite-errors.ts";
import { cloudClasses, fullScales } from "./cloud-classes.ts";
import type { CloudProbability } from "./plan-mask.ts";

/**
 * A band of cloud probabilities as a mask, made window by window: averaged over a disk, compared with the threshold, grown by a
 * disk, as s2cloudless does (Sentinel Hub, `S2PixelCloudDetector.get_mask_from_prob`). A window gives the same as the
 * whole, because it is made with a margin around it.
 */
export function cloudBand(band: OpenBand, probability: CloudProbability): OpenBand {
  const fullScale = fullScaleOf(band, probability);
  const margin = probability.averageOver + probability.dilation;
  return {
    ...band,
    name: `${band.name} > ${probability.threshold}`,
    dtype: "uint8",
    nodata: cloudClasses.unknown,
    scale: undefined,
    offset: undefined,
    overviews: () => Promise.resolve([]),
    // These would be those of the probabilities.
    chunks: undefined,
    fetchWindow: undefined,
    async readWindow(window, { decimate = 1 } = {}) {
      const wide = clippedWindow(band.grid, {
        column: window.column - margin,
        row: window.row - margin,
        widthPixels: window.widthPixels + 2 * margin,
        heightPixels: window.heightPixels + 2 * margin,
      });
      const around = wide ?? window;
      const numbers = await band.readWindow(around);
      const mask = cloudMask(numbers, around, { ...probability, fullScale, nodata: band.nodata });
      const inside = { ...window, column: window.column - around.column, row: window.row - around.row };
      return subsample(mask, around.widthPixels, inside, decimate);
    },
  };
}

/** Floating-point numbers are shares already; of others the band's name tells, or the caller. */
function fullScaleOf({ name, dtype }: OpenBand, { fullScale }: CloudProbability): number {
  const known = fullScale ?? (dtype.startsWith("float") ? 1 : fullScales[name]);
  if (known !== undefined) return known;
  throw fail("SG_SATELLITE_MASK", `Nothing says which number of band "${name}" stands for certainty`, {
    hint: 'Say it in the mask: { kind: "probability", fullScale: 100 }.',
  });
}

/** 0 clear, 1 cloud, 255 not observed. */
export function cloudMask(
  numbers: ArrayLike<number>,
  { widthPixels: width, heightPixels: height }: Pick<PixelWindow, "widthPixels" | "heightPixels">,
  options: CloudProbability & { readonly fullScale: number; readonly nodata: number | undefined },
): Uint8Array<ArrayBuffer> {
  const { threshold, fullScale, averageOver, dilation, nodata } = options;
  const size = { width, height };
  const isKnown = (value: number): boolean => !Number.isNaN(value) && value !== nodata;
  const cloudy = new Uint8Array(width * height);
  const mean = averageOver === 0 ? undefined : diskMeans(numbers, size, { radius: averageOver, isKnown });
  for (let index = 0; index < cloudy.length; index++)
    if (((mean?.[index] ?? numbers[index]) as number) / fullScale > threshold) cloudy[index] = 1; // within bounds; NaN is no cloud
  const grown = dilation === 0 ? cloudy : grow(cloudy, size, dilation);
  const mask = grown === cloudy ? cloudy.slice() : grown;
  for (let index = 0; index < mask.length; index++)
    if (!isKnown(numbers[index] as number)) mask[index] = cloudClasses.unknown; // within bounds
  return mask;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Half the length of each row of a disk, from its upper end to its lower. */
const diskRows = (radius: number): readonly number[] =>
  Array.from({ length: 2 * radius + 1 }, (_, row) => Math.floor(Math.sqrt(radius ** 2 - (row - radius) ** 2)));

/** Means over a disk around each pixel, of what is known; sums along rows make it cost a disk's height, not its area. */
function diskMeans(
  numbers: ArrayLike<number>,
  { width, height }: Size,
  { radius, isKnown }: { radius: number; isKnown: (value: number) => boolean },
): Float64Array {
  const sums = new Float64Array((width + 1) * height);
  const counts = new Uint32Array((width + 1) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * (width + 1) + x;
      const value = numbers[y * width + x] as number; // within bounds
      const known = isKnown(value);
      sums[at + 1] = (sums[at] as number) + (known ? value : 0);
      counts[at + 1] = (counts[at] as number) + (known ? 1 : 0);
    }
  const means = new Float64Array(width * height);
  const halves = diskRows(radius);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let count = 0;
      for (const [row, half] of halves.entries()) {
        const line = y + row - radius;
        if (line < 0 || line >= height) continue;
        const from = line * (width + 1) + Math.max(0, x - half);
        const to = line * (width + 1) + Math.min(width, x + half + 1);
        sum += (sums[to] as number) - (sums[from] as number);
        count += (counts[to] as number) - (counts[from] as number);
      }
      means[y * width + x] = count === 0 ? Number.NaN : sum / count;
    }
  return means;
}

function grow(cloudy: Uint8Array, { width, height }: Size, radius: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(width * height);
  const halves = diskRows(radius);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (cloudy[y * width + x] !== 1) continue;
      for (const [row, half] of halves.entries()) {
        const line = y + row - radius;
        if (line >= 0 && line < height)
          output.fill(1, line * width + Math.max(0, x - half), line * width + Math.min(width, x + half + 1));
      }
    }
  return output;
}
