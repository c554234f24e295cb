import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readNpy } from "../../test/support/read-npy.ts";
import type { MonitorWindow } from "../../packages/adapters/satellite/src/detect/monitor-window.ts";
import type { PixelSeries } from "../../packages/adapters/satellite/src/series/pixel-series.ts";

const shared = process.env["STARGATE_SHARED"] ?? new URL("../../../shared", import.meta.url).pathname;
/** NDVI of 101 x 100 pixels in Slovenia on 68 dates, with the provider's cloud mask. */
const folder = join(shared, "testdata/satellite/eo-learn");

export const COLUMNS = 100;

/** Day of an ISO date, since 1970-01-01. */
export function day(date: string): number {
  return Date.parse(date) / 86_400_000;
}

/** What is learned from and what is watched in the published baseline of this project. */
export const monitorWindow: MonitorWindow = {
  historyFromDay: day("2015-07-01"),
  monitorFromDay: day("2017-05-01"),
  monitorToDay: day("2018-01-01"),
};

/** The real series, clouds as NaN; undefined, with a note, when the data is absent. */
export function readSeries(note: (message: string) => void): PixelSeries | undefined {
  if (!existsSync(folder)) {
    note(`skipped: ${folder} is absent; STARGATE_SHARED says where it lies`);
    return undefined;
  }
  const times = JSON.parse(readFileSync(join(folder, "timestamps.json"), "utf8")) as readonly string[];
  const days = Float64Array.from(times, (time) => day(`${time}Z`));
  const { values: index } = readNpy(join(folder, "NDVI.npy"));
  const { values: clouds } = readNpy(join(folder, "CLM.npy"));
  const { values: valid } = readNpy(join(folder, "IS_VALID.npy"));
  const pixels = index.length / days.length;
  const values = new Float32Array(index.length);
  for (let date = 0; date < days.length; date++)
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = date * pixels + pixel;
      const isSeen = clouds[from] === 0 && valid[from] === 1;
      values[pixel * days.length + date] = isSeen ? (index[from] ?? Number.NaN) : Number.NaN;
    }
  return { days, values, pixels };
}

/** The same series with a lasting step from a day on. */
export function withStep({ days, values, pixels }: PixelSeries, fromDay: number, step: number): PixelSeries {
  const first = days.findIndex((one) => one >= fromDay);
  const stepped = Float32Array.from(values);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let date = first; date < days.length; date++) {
      const at = pixel * days.length + date;
      stepped[at] = (stepped[at] ?? Number.NaN) + step;
    }
  return { days, values: stepped, pixels };
}

/** Some pixels of a series. */
export function selectPixels({ days, values, pixels }: PixelSeries, isWanted: (pixel: number) => boolean): PixelSeries {
  const wanted = Array.from({ length: pixels }, (_, pixel) => pixel).filter(isWanted);
  const selected = new Float32Array(wanted.length * days.length);
  for (const [index, pixel] of wanted.entries())
    selected.set(values.subarray(pixel * days.length, (pixel + 1) * days.length), index * days.length);
  return { days, values: selected, pixels: wanted.length };
}
