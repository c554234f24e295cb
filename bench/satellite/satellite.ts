import type { Measure } from "../support/run-all.ts";
import type { Suite } from "../support/result.ts";
import { runAll } from "../support/run-all.ts";
import { measureInjectedSteps } from "./injected-steps.ts";
import { measureMonitorSpeed } from "./monitor-speed.ts";
import { measureNdvi } from "./ndvi.ts";
import { measureReading } from "./read.ts";

/** STARGATE_BENCH_ROWS names the parts to run ("ndvi,reading"); all of them by default. */
const measures: Readonly<Record<string, Measure>> = {
  "injected-steps": measureInjectedSteps,
  "monitor-speed": measureMonitorSpeed,
  reading: measureReading,
  ndvi: measureNdvi,
};

/** Scenes to indices, series to alerts. */
export const satelliteSuite: Suite = {
  name: "satellite",
  run(note) {
    const named = process.env["STARGATE_BENCH_ROWS"]?.split(",") ?? Object.keys(measures);
    return runAll(
      named.flatMap((name) => measures[name] ?? []),
      note,
    );
  },
};
