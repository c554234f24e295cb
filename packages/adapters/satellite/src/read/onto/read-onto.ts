import { throwIfCancelled } from "@stargate/kernel";
import { alignedWindow, clippedWindow } from "../../grid/affine.ts";
import type { Grid, PixelWindow } from "../../grid/grid.ts";
import type { OpenBand } from "../open-band.ts";
import { createBlockProjector, type SourcePoints } from "./block-projector.ts";
import { type Resampling, sampleAt } from "./sampling.ts";

/** Side of the blocks in which a target is filled: what lies under one is read at once. */
const BLOCK_PIXELS = 512;

/** Blocks under way: while one is computed, others are fetched. */
const BLOCKS_AT_ONCE = 3;

/** Most source pixels that are read for one block; coarser ones are taken from an overview beyond it. */
const MAX_SOURCE_PIXELS = 64 * 1024 * 1024;

export interface ReadOntoOptions {
  /** "nearest" for classes and bits; "bilinear" or "average" for measurements, the latter onto coarser pixels. */
  readonly resampling: Resampling;
  readonly signal: AbortSignal;
}

/**
 * Numbers of a band, as stored, on any other grid: reprojected and resampled, row by row; NaN outside the band and where
 * nothing was observed. 32-bit integers and float64 give float64, everything else fits float32 exactly. Throws
 * SG_SATELLITE_GRID for systems that are not supported, and what reading throws.
 */
export async function readOnto(
  band: OpenBand,
  target: Grid,
  { resampling, signal }: ReadOntoOptions,
): Promise<Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>> {
  const length = target.widthPixels * target.heightPixels;
  const isWide = band.dtype === "uint32" || band.dtype === "int32" || band.dtype === "float64";
  const output = isWide ? new Float64Array(length) : new Float32Array(length);
  output.fill(Number.NaN);
  const aligned = alignedWindow(target, band.grid);
  if (aligned !== undefined) {
    await copyWindow(band, aligned, target, output);
    return output;
  }
  const project = createBlockProjector(target, band.grid);
  const decimate = resampling === "nearest" ? 1 : await usefulOverview(band, target, project);
  const across = Math.ceil(target.widthPixels / BLOCK_PIXELS);
  const blocks = across * Math.ceil(target.heightPixels / BLOCK_PIXELS);
  let next = 0;
  const fill = async (): Promise<void> => {
    for (let block = next++; block < blocks; block = next++) {
      throwIfCancelled(signal, "Reading");
      const left = (block % across) * BLOCK_PIXELS;
      const top = Math.floor(block / across) * BLOCK_PIXELS;
      const width = Math.min(BLOCK_PIXELS, target.widthPixels - left);
      const height = Math.min(BLOCK_PIXELS, target.heightPixels - top);
      const values = await readBlock(band, project(left, top, width, height), { resampling, decimate, width, height });
      if (values === undefined) continue;
      for (let y = 0; y < height; y++)
        output.set(values.subarray(y * width, (y + 1) * width), (top + y) * target.widthPixels + left);
    }
  };
  await Promise.all(Array.from({ length: Math.min(BLOCKS_AT_ONCE, blocks) }, fill));
  return output;
}

/** Most pixels of an aligned band that are read at once. */
const STRIPE_PIXELS = 16 * 1024 * 1024;

/** Pixel for pixel, where the target has the band's own pixels. */
async function copyWindow(
  band: OpenBand,
  shift: PixelWindow,
  target: Grid,
  output: Float32Array | Float64Array,
): Promise<void> {
  const window = clippedWindow(band.grid, shift);
  if (window === undefined) return;
  const rows = Math.max(1, Math.floor(STRIPE_PIXELS / window.widthPixels));
  for (let done = 0; done < window.heightPixels; done += rows) {
    const stripe = {
      ...window,
      row: window.row + done,
      heightPixels: Math.min(rows, window.heightPixels - done),
    };
    const values = await band.readWindow(stripe);
    const { nodata } = band;
    for (let y = 0; y < stripe.heightPixels; y++) {
      const from = y * stripe.widthPixels;
      const to = (stripe.row + y - shift.row) * target.widthPixels + stripe.column - shift.column;
      for (let x = 0; x < stripe.widthPixels; x++) {
        const value = values[from + x] as number; // within bounds
        if (value !== nodata) output[to + x] = value;
      }
    }
  }
}

interface Block {
  readonly resampling: Resampling;
  readonly decimate: number;
  readonly width: number;
  readonly height: number;
}

async function readBlock(
  band: OpenBand,
  points: SourcePoints,
  { resampling, decimate, width, height }: Block,
): Promise<Float64Array | undefined> {
  const step = stepOf(points, width, height);
  const margin = 1 + Math.ceil(Math.max(...step, decimate));
  const [left, right] = extent(points.columns);
  const [top, bottom] = extent(points.rows);
  const around = {
    column: Math.floor(left) - margin,
    row: Math.floor(top) - margin,
    widthPixels: Math.ceil(right - left) + 2 * margin + 1,
    heightPixels: Math.ceil(bottom - top) + 2 * margin + 1,
  };
  const window = clippedWindow(band.grid, around);
  if (window === undefined) return undefined;
  const every = Math.max(
    decimate,
    Math.ceil(Math.sqrt((window.widthPixels * window.heightPixels) / MAX_SOURCE_PIXELS)),
  );
  const values = await band.readWindow(window, { decimate: every });
  const shifted: SourcePoints = {
    columns: points.columns.map((column) => (column - window.column) / every),
    rows: points.rows.map((row) => (row - window.row) / every),
  };
  const source = {
    values,
    widthPixels: Math.ceil(window.widthPixels / every),
    heightPixels: Math.ceil(window.heightPixels / every),
    nodata: band.nodata,
  };
  return sampleAt(source, shifted, resampling, [step[0] / every, step[1] / every]);
}

/** Source pixels from one target pixel to the next, across and down; at least 1, so that an average is never of nothing. */
function stepOf({ columns, rows }: SourcePoints, width: number, height: number): readonly [number, number] {
  const last = columns.length - 1;
  const inRow = Math.max(1, width - 1);
  const inColumn = Math.max(1, height - 1);
  const span = (from: number, to: number): readonly [number, number] => [
    Math.abs((columns[to] ?? 0) - (columns[from] ?? 0)),
    Math.abs((rows[to] ?? 0) - (rows[from] ?? 0)),
  ];
  const across = span(0, width - 1);
  const down = span(0, last - width + 1);
  const columnStep = across[0] / inRow + down[0] / inColumn;
  const rowStep = across[1] / inRow + down[1] / inColumn;
  return [finiteOr1(columnStep), finiteOr1(rowStep)];
}

const finiteOr1 = (value: number): number => (Number.isFinite(value) ? Math.max(1, value) : 1);

function extent(numbers: Float64Array): readonly [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const number of numbers) {
    if (number < least) least = number;
    if (number > most) most = number;
  }
  return [least, most];
}

/**
 * How much coarser a picture may be read without losing what the target shows: an overview is used that has at least four
 * pixels along each side of one of the target: many are made by dropping pixels, and an average of a few of those is noise.
 */
async function usefulOverview(
  band: OpenBand,
  target: Grid,
  project: ReturnType<typeof createBlockProjector>,
): Promise<number> {
  const middle = project(Math.floor(target.widthPixels / 2), Math.floor(target.heightPixels / 2), 2, 2);
  const [across, down] = stepOf(middle, 2, 2);
  const wanted = Math.min(across, down) / 4;
  if (wanted < 2) return 1;
  const factors = (await band.overviews()).map(({ widthPixels }) => Math.round(band.grid.widthPixels / widthPixels));
  return Math.max(1, ...factors.filter((factor) => factor <= wanted));
}
