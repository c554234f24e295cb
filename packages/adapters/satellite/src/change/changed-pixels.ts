import type { DetectorChanges } from "../alerts/combine-changes.ts";
import { changeStates, createPixelChanges, type PixelChanges } from "../detect/pixel-changes.ts";
import type { PixelSeries } from "../series/pixel-series.ts";

/** Pixels that at least one detector suspects, with all that is known of them, in the order of their places. */
export interface ChangedPixels {
  /** Places on the grid, row by row from 0, ascending. */
  readonly gridPixels: Uint32Array;
  /** One for each detector. */
  readonly changes: readonly DetectorChanges[];
  readonly series: PixelSeries;
}

/** Keeps the changed pixels of block after block, and forgets the others: they are the many. */
export interface ChangedPixelsCollector {
  /** Takes a block; `gridPixels` are the places of its pixels. */
  add(gridPixels: Uint32Array, changes: readonly PixelChanges[], series: PixelSeries): void;
  collected(): ChangedPixels;
  /** Pixels that were looked at, and those of them of which enough was observed to say something. */
  readonly looked: number;
  readonly judged: number;
  /** For each pixel of the grid whether it was judged. */
  readonly observed: Uint8Array;
}

interface Kept {
  readonly gridPixel: number;
  readonly block: Block;
  readonly pixel: number;
}

interface Block {
  readonly changes: readonly PixelChanges[];
  readonly series: PixelSeries;
}

export interface ChangedPixelsOptions {
  /** Names, in the order in which their changes come. */
  readonly detectors: readonly string[];
  readonly gridSize: number;
  /** Least confidence of pixels that are not confirmed. */
  readonly suspectFrom: number;
}

export function createChangedPixels(
  days: Float64Array,
  { detectors, gridSize, suspectFrom }: ChangedPixelsOptions,
): ChangedPixelsCollector {
  const kept: Kept[] = [];
  const observed = new Uint8Array(gridSize);
  let looked = 0;
  let judged = 0;
  return {
    observed,
    add(gridPixels, changes, series) {
      const changed: number[] = [];
      for (let pixel = 0; pixel < gridPixels.length; pixel++) {
        const states = changes.map((each) => each.states[pixel] ?? 0);
        if (states.some((state) => state !== changeStates.unobserved)) {
          observed[gridPixels[pixel] ?? 0] = 1;
          judged += 1;
        }
        if (changes.some((each) => isChanged(each, pixel, suspectFrom))) changed.push(pixel);
      }
      looked += gridPixels.length;
      // A copy of what is kept: the block's own arrays are hundreds of times larger.
      const block = {
        changes: changes.map((each) => selectChanges(each, changed)),
        series: selectSeries(series, changed),
      };
      for (const [index, pixel] of changed.entries())
        kept.push({ gridPixel: gridPixels[pixel] ?? 0, block, pixel: index });
    },
    collected() {
      const ordered = kept.toSorted((a, b) => a.gridPixel - b.gridPixel);
      const values = new Float32Array(ordered.length * days.length);
      for (const [index, { block, pixel }] of ordered.entries())
        values.set(block.series.values.subarray(pixel * days.length, (pixel + 1) * days.length), index * days.length);
      return {
        gridPixels: Uint32Array.from(ordered, ({ gridPixel }) => gridPixel),
        changes: detectors.map((detector, index) => ({ detector, changes: joinChanges(ordered, index) })),
        series: { days, values, pixels: ordered.length },
      };
    },
    get looked() {
      return looked;
    },
    get judged() {
      return judged;
    },
  };
}

function isChanged({ states, confidences }: PixelChanges, pixel: number, suspectFrom: number): boolean {
  if (states[pixel] === changeStates.confirmed) return true;
  return states[pixel] === changeStates.suspected && (confidences[pixel] ?? 0) >= suspectFrom;
}

function selectSeries({ days, values }: PixelSeries, pixels: readonly number[]): PixelSeries {
  const selected = new Float32Array(pixels.length * days.length);
  for (const [index, pixel] of pixels.entries())
    selected.set(values.subarray(pixel * days.length, (pixel + 1) * days.length), index * days.length);
  return { days, values: selected, pixels: pixels.length };
}

function selectChanges(changes: PixelChanges, pixels: readonly number[]): PixelChanges {
  const selected = createPixelChanges(pixels.length);
  for (const [index, pixel] of pixels.entries()) copyPixel(changes, pixel, selected, index);
  return selected;
}

function joinChanges(ordered: readonly Kept[], detector: number): PixelChanges {
  const joined = createPixelChanges(ordered.length);
  for (const [index, { block, pixel }] of ordered.entries()) {
    const from = block.changes[detector];
    if (from !== undefined) copyPixel(from, pixel, joined, index);
  }
  return joined;
}

function copyPixel(from: PixelChanges, pixel: number, to: PixelChanges, at: number): void {
  to.states[at] = from.states[pixel] ?? 0;
  to.firstDays[at] = from.firstDays[pixel] ?? Number.NaN;
  to.confirmedDays[at] = from.confirmedDays[pixel] ?? Number.NaN;
  to.magnitudes[at] = from.magnitudes[pixel] ?? Number.NaN;
  to.confidences[at] = from.confidences[pixel] ?? 0;
  to.clearObservations[at] = from.clearObservations[pixel] ?? 0;
}
