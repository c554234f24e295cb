import { result, type BenchResult } from "../../support/result.ts";
import { median } from "../../support/statistics.ts";
import type { TrafficReport } from "../load/traffic.ts";
import type { Bench, Measure } from "./measure.ts";

const share = 0.6;

/** Images with texts at 60 % of what the gateway can do, arriving at random, each timed from when it was due. */
export const measureShare: Measure = async (bench) => {
  const { traffic, bare, note } = bench;
  note("image and text: saturation, 16 clients");
  const rates: number[] = [];
  const bareRates: number[] = [];
  for (let round = 0; round < 3; round++) {
    rates.push((await traffic.send("both", { clients: 16 }, 8)).requestsPerSecond);
    bareRates.push(1000 / (await bare()).bothMs);
  }
  const saturation = median(rates);
  return [
    ...(await measureArrivals(bench, {
      what: "at 60 % of saturation",
      perSecond: saturation * share,
      rounds: 6,
      seconds: 12,
    })),
    result("image and text, saturation: requests/s over bare runs in sequence", saturation / median(bareRates), "x"),
    result("image and text, saturation: requests/s", saturation, "1/s", { baseline: median(bareRates) }),
  ];
};

/** Three requests per second, for models that can hardly do more. */
export const measureTrickle: Measure = (bench) =>
  measureArrivals(bench, { what: "at 3 requests/s", perSecond: 3, rounds: 4, seconds: 20 });

interface Arrivals {
  readonly what: string;
  readonly perSecond: number;
  readonly rounds: number;
  /** Length of a round. */
  readonly seconds: number;
}

async function measureArrivals(
  { gateway, traffic, note }: Bench,
  { what, perSecond, rounds, seconds }: Arrivals,
): Promise<readonly BenchResult[]> {
  note(`image and text: ${perSecond.toFixed(1)} requests per second, at random, ${rounds} times ${seconds} s`);
  gateway.resetDelays();
  const reports: TrafficReport[] = [];
  for (let round = 0; round < rounds; round++) reports.push(await traffic.send("both", { perSecond }, seconds));
  const delays = await gateway.delays();
  const p95s = reports.map(({ p95Ms }) => p95Ms);
  return [
    result(`image and text ${what}: p95`, median(p95s), "ms", { goal: "<= 200" }),
    result(`image and text ${what}: p95 of the best of ${rounds} rounds`, Math.min(...p95s), "ms"),
    result(`image and text ${what}: p50`, median(reports.map(({ p50Ms }) => p50Ms)), "ms"),
    result(`image and text ${what}: items per run`, median(reports.map(({ itemsPerRun }) => itemsPerRun)), ""),
    result(`image and text ${what}: event-loop delay p99`, delays.p99Ms, "ms", { goal: "<= 10" }),
  ];
}
