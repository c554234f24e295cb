import type { BenchResult, Suite } from "../support/result.ts";
import { measureStart } from "./start.ts";
import { measureThroughput } from "./throughput.ts";
import { measureUploads } from "./upload.ts";

/** The gateway as its users meet it: a process of its own, behind HTTP. */
export const gatewaySuite: Suite = {
  name: "gateway",
  async run(note) {
    const results: BenchResult[] = [];
    for (const measure of [measureThroughput, measureUploads, measureStart]) results.push(...(await measure(note)));
    return results;
  },
};
