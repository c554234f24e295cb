import type { BenchResult, Suite } from "../support/result.ts";
import { measureThroughput } from "./throughput.ts";

/** The gateway as its users meet it: a process of its own, behind HTTP. */
export const gatewaySuite: Suite = {
  name: "gateway",
  async run(note) {
    const results: BenchResult[] = [];
    for (const measure of [measureThroughput]) results.push(...(await measure(note)));
    return results;
  },
};
