import type { Suite } from "../support/result.ts";
import { runAll } from "../support/run-all.ts";
import { measureConstraints } from "./measure/constraints.ts";
import { measureDecisionTime } from "./measure/decision-time.ts";
import { measureEnergy } from "./measure/energy.ts";
import { measureScenarios } from "./measure/scenarios.ts";
import { measureSlowPool } from "./measure/slow-pool.ts";

/**
 * The gateway's own router in simulated worlds: virtual time, seeded, the same numbers on every machine, decision times
 * apart.
 */
export const orchestrateSuite: Suite = {
  name: "orchestrate",
  run: (note) =>
    runAll([measureDecisionTime, measureConstraints, measureSlowPool, measureEnergy, measureScenarios], note),
};
