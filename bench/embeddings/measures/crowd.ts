import { result } from "../../support/result.ts";
import { median } from "../../support/statistics.ts";
import type { BareReport } from "../bare-models.ts";
import type { TrafficReport } from "../load/traffic.ts";
import type { Measure } from "./measure.ts";

const clients = 32;

/** Texts of 32 clients, which share runs, against one after the other. */
export const measureCrowd: Measure = async ({ traffic, bare, note }) => {
  note(`texts: ${clients} clients, 1 client, and the bare model, in turn`);
  const crowds: TrafficReport[] = [];
  const alone: TrafficReport[] = [];
  const bareReports: BareReport[] = [];
  for (let round = 0; round < 5; round++) {
    crowds.push(await traffic.send("text", { clients }, 4));
    alone.push(await traffic.send("text", { clients: 1 }, 3));
    bareReports.push(await bare());
  }
  const rate = median(crowds.map((report) => report.requestsPerSecond));
  const serialRate = median(alone.map((report) => report.requestsPerSecond));
  const bareGain = median(bareReports.map(({ textMs, textOf32Ms }) => textMs / textOf32Ms));
  return [
    result(`texts of ${clients} clients over one after the other: requests/s`, rate / serialRate, "x", {
      goal: ">= 3",
    }),
    result(`texts of ${clients} clients: requests/s`, rate, "1/s", { baseline: serialRate }),
    result(`texts of ${clients} clients: items per run`, median(crowds.map((report) => report.itemsPerRun)), ""),
    result(`texts of ${clients} clients: p95`, median(crowds.map((report) => report.p95Ms)), "ms"),
    result(`what a run of ${clients} texts gains over single ones in the bare model, 1 thread`, bareGain, "x"),
  ];
};
