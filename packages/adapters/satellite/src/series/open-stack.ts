import { isSameGrid } from "../grid/affine.ts";
import type { Grid, PixelWindow } from "../grid/grid.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import { openBand, type OpenBand, type ReadContext } from "../read/open-band.ts";
import { fail } from "../satellite-errors.ts";
import type { PixelSeries } from "./pixel-series.ts";

const MS_PER_DAY = 86_400_000;
/** Files read at once: enough to hide their latency, few enough to keep memory flat. */
const READS_AT_ONCE = 8;

/** Pictures of one band on one grid, one layer a day. */
export interface SceneStack {
  readonly band: string;
  readonly grid: Grid;
  /** Days since 1970-01-01, whole, ascending. */
  readonly days: Float64Array;
  /** Scenes that make the layers, oldest first. */
  readonly scenes: readonly Raster[];
  /**
   * The series of some pixels of a window: `pixels` are their places in it, row by row from 0. Pictures of the same day
   * are laid over one another: the first that saw the pixel counts.
   */
  readBlock(window: PixelWindow, pixels: Uint32Array): Promise<PixelSeries>;
  /** All pixels of one day, or those of a window; NaN where nothing was observed. */
  readDay(date: number, window?: PixelWindow): Promise<Float32Array<ArrayBuffer>>;
}

/** Orders scenes by day and opens their files. Throws SG_SATELLITE_SERIES for scenes that do not make a series. */
export async function openStack(scenes: AsyncIterable<Raster>, context: ReadContext): Promise<SceneStack> {
  const sorted = (await Array.fromAsync(scenes)).toSorted((a, b) => timeOf(a) - timeOf(b));
  const [first] = sorted;
  if (first === undefined)
    throw fail("SG_SATELLITE_SERIES", "There is not one scene that could be read", {
      hint: "The issues say why each of them was left out; mend the first, it is often that of all.",
    });
  const band = first.bands[0]?.name ?? "";
  const layers = new Map<number, OpenBand[]>();
  let reference: OpenBand | undefined;
  for (const scene of sorted) {
    const opened = await openLayer(scene, band, context);
    reference ??= opened;
    if (!isSameGrid(opened.grid, reference.grid))
      throw fail("SG_SATELLITE_SERIES", `Scenes "${first.id}" and "${scene.id}" do not lie on the same pixels`, {
        hint: "Bring all of them onto the area with satellite.observe; scenes of different resolutions need its `pixelSize` (and `crs`).",
      });
    const day = Math.floor(timeOf(scene) / MS_PER_DAY);
    layers.set(day, [...(layers.get(day) ?? []), opened]);
  }
  const grid = (reference as OpenBand).grid; // there is at least one scene
  const days = Float64Array.from(layers.keys());
  const byDay = [...layers.values()];
  return {
    band,
    grid,
    days,
    scenes: sorted,
    async readBlock(window, pixels) {
      const values = new Float32Array(pixels.length * days.length).fill(Number.NaN);
      await forEachAtOnce(byDay, READS_AT_ONCE, async (pictures, date) => {
        for (const picture of pictures) {
          const numbers = await picture.readWindow(window);
          layOver({ values, pixels, dates: days.length, date }, numbers, picture.nodata);
        }
      });
      return { days, values, pixels: pixels.length };
    },
    async readDay(date, window = { column: 0, row: 0, ...sizeOf(grid) }) {
      const values = new Float32Array(window.widthPixels * window.heightPixels).fill(Number.NaN);
      const pixels = Uint32Array.from(values.keys());
      for (const picture of byDay[date] ?? [])
        layOver({ values, pixels, dates: 1, date: 0 }, await picture.readWindow(window), picture.nodata);
      return values;
    },
  };
}

const sizeOf = ({ widthPixels, heightPixels }: Grid): Pick<PixelWindow, "widthPixels" | "heightPixels"> => ({
  widthPixels,
  heightPixels,
});

function timeOf({ id, acquiredAt }: Raster): number {
  if (acquiredAt === undefined)
    throw fail("SG_SATELLITE_SERIES", `Nobody knows when scene "${id}" was taken`, {
      hint: "Name its file by the date (2017-07-05.tif), or give a STAC item beside it.",
    });
  return Date.parse(acquiredAt);
}

async function openLayer(scene: Raster, band: string, context: ReadContext): Promise<OpenBand> {
  const found = scene.bands.find(({ name }) => name === band);
  if (found === undefined)
    throw fail("SG_SATELLITE_SERIES", `Scene "${scene.id}" has no band "${band}", which the first scene has`);
  return openBand(found, context);
}

interface Layer {
  readonly values: Float32Array;
  readonly pixels: Uint32Array;
  readonly dates: number;
  readonly date: number;
}

function layOver({ values, pixels, dates, date }: Layer, numbers: ArrayLike<number>, nodata: number | undefined): void {
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    const at = pixel * dates + date;
    if (!Number.isNaN(values[at])) continue;
    const number = numbers[pixels[pixel] ?? 0] ?? Number.NaN;
    if (number !== nodata) values[at] = number;
  }
}

/** Calls `work` for every item, at most `atOnce` at a time; the first failure ends it. */
async function forEachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const entries = items.entries();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [index, item] of entries) await work(item, index);
    }),
  );
}
