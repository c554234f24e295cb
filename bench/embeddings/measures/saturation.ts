import { result } from "../../support/result.ts";
import { median } from "../../support/statistics.ts";
import type { Measure } from "./measure.ts";

const goal = "<= 200";
const share = 0.6;

/** Images with texts at 60 % of what the gateway can do, arriving at random, each timed from when it was due. */
export const measureShare: Measure = async ({ gateway, traffic, bare, note }) => {
  note("image and text: saturation, 16 clients");
  const rates: number[] = [];
  const bareRates: number[] = [];
  for (let round = 0; round < 3; round++) {
    rates.push((await traffic.send("both", { clients: 16 }, 8)).requestsPerSecond);
    bareRates.push(1000 / (await bare()).bothMs);
  }
  const saturation = median(rates);
  const perSecond = saturation * share;
  note(`image and text: ${perSecond.toFixed(1)} requests per second of ${saturation.toFixed(1)}, at random`);
  gateway.resetDelays();
  const report = await traffic.send("both", { perSecond }, 60);
  const delays = await gateway.delays();
  return [
    result("image and text at 60 % of saturation: p95", report.p95Ms, "ms", { goal }),
    result("image and text at 60 % of saturation: p50", report.p50Ms, "ms"),
    result("image and text at 60 % of saturation: items per run", report.itemsPerRun, ""),
    result("image and text at 60 % of saturation: event-loop delay p99", delays.p99Ms, "ms", { goal: "<= 10" }),
    result("image and text, saturation: requests/s over bare runs in sequence", saturation / median(bareRates), "x"),
    result("image and text, saturation: requests/s", saturation, "1/s", { baseline: median(bareRates) }),
  ];
};

/** Three requests per second, for models that can hardly do more. */
export const measureTrickle: Measure = async ({ gateway, traffic, note }) => {
  note("image and text: 3 requests per second, at random");
  gateway.resetDelays();
  const report = await traffic.send("both", { perSecond: 3 }, 60);
  const delays = await gateway.delays();
  return [
    result("image and text at 3 requests/s: p95", report.p95Ms, "ms", { goal }),
    result("image and text at 3 requests/s: p50", report.p50Ms, "ms"),
    result("image and text at 3 requests/s: event-loop delay p99", delays.p99Ms, "ms", { goal: "<= 10" }),
  ];
};
