import { monitorHarmonic } from "../../packages/adapters/satellite/src/detect/harmonic/harmonic-monitor.ts";
import {
  type HarmonicOptions,
  harmonicOptionsSchema,
} from "../../packages/adapters/satellite/src/detect/harmonic/harmonic-options.ts";
import type { PixelSeries } from "../../packages/adapters/satellite/src/series/pixel-series.ts";
import { type BenchResult, result } from "../support/result.ts";
import { takeTurns } from "../support/take-turns.ts";
import { monitorWindow, readSeries } from "./eo-learn.ts";
import { openPythonMonitor } from "./python-monitor.ts";

type Note = (message: string) => void;

const ROUNDS = 5;
const COPIES = 4;
const THRESHOLD = 2.5;

/** Like the numpy program: the same noise on every date, observations in a row. */
const common = { seasonalNoise: false, evidence: "consecutive", threshold: THRESHOLD };
const plain = harmonicOptionsSchema.parse({ ...common, robust: "none" });
const robust = harmonicOptionsSchema.parse({ ...common, robust: "huber" });
const defaults = harmonicOptionsSchema.parse({});

/** Pixels a second of the harmonic monitor on one core, against numpy, and how time grows with pixels and dates. */
export async function measureMonitorSpeed(note: Note): Promise<readonly BenchResult[]> {
  const once = readSeries(note);
  if (once === undefined) return [];
  const series = morePixels(once, COPIES);
  return [...(await against(series, note)), ...(await growth(once, note))];
}

async function against(series: PixelSeries, note: Note): Promise<readonly BenchResult[]> {
  await using python = await openPythonMonitor(series, monitorWindow, note);
  const results: BenchResult[] = [];
  const perSecond = (ms: number): number => (1000 * series.pixels) / ms;
  for (const [name, options] of [
    ["plain fit", plain],
    ["Huber fit", robust],
  ] as const) {
    note(`monitor speed: ${name}`);
    const order = { robust: options.robust !== "none", threshold: THRESHOLD };
    const numpy = python === undefined ? [] : [{ name: "numpy", run: () => python.monitor(order) }];
    const times = await takeTurns([{ name: "ours", run: () => ours(series, options) }, ...numpy], { rounds: ROUNDS });
    const { medianMs } = times["ours"] ?? { medianMs: Number.NaN };
    const peer = times["numpy"];
    const baseline = peer === undefined ? {} : { baseline: perSecond(peer.medianMs) };
    results.push(result(`harmonic monitor, ${name}, one core`, perSecond(medianMs), "pixels/s", baseline));
    if (peer === undefined) continue;
    results.push(
      result(`harmonic monitor, ${name}: speed over numpy's`, peer.medianMs / medianMs, "x", { goal: ">= 1" }),
    );
  }
  const { own } = await takeTurns([{ name: "own", run: () => ours(series, defaults) }], { rounds: ROUNDS });
  results.push(result("harmonic monitor as it comes, one core", perSecond(own.medianMs), "pixels/s"));
  return results;
}

/** Four times the pixels, and twice the dates: time over what it would be if it grew in proportion. */
async function growth(once: PixelSeries, note: Note): Promise<readonly BenchResult[]> {
  note("monitor speed: growth");
  const pixels = morePixels(once, COPIES);
  const dates = moreDates(once);
  const times = await takeTurns(
    [
      { name: "once", run: () => ours(once, defaults) },
      { name: "pixels", run: () => ours(pixels, defaults) },
      { name: "dates", run: () => ours(dates, defaults) },
    ],
    { rounds: 2 * ROUNDS },
  );
  return [
    result(
      `${COPIES} times the pixels: time over ${COPIES} times the time`,
      times.pixels.bestMs / times.once.bestMs / COPIES,
      "x",
      { goal: "<= 1.15" },
    ),
    result("twice the dates: time over twice the time", times.dates.bestMs / times.once.bestMs / 2, "x", {
      goal: "<= 1.15",
    }),
  ];
}

function ours(series: PixelSeries, options: HarmonicOptions): Promise<unknown> {
  return Promise.resolve(monitorHarmonic(series, monitorWindow, options));
}

function morePixels({ days, values, pixels }: PixelSeries, copies: number): PixelSeries {
  const repeated = new Float32Array(values.length * copies);
  for (let copy = 0; copy < copies; copy++) repeated.set(values, copy * values.length);
  return { days, values: repeated, pixels: pixels * copies };
}

/** Every date again, a day later. */
function moreDates({ days, values, pixels }: PixelSeries): PixelSeries {
  const doubled = Float64Array.from([...days].flatMap((day) => [day, day + 1])).toSorted();
  const places = doubled.map((day) => days.findLastIndex((one) => one <= day));
  const repeated = new Float32Array(2 * values.length);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (const [date, place] of places.entries())
      repeated[pixel * doubled.length + date] = values[pixel * days.length + place] ?? Number.NaN;
  return { days: doubled, values: repeated, pixels };
}
