import type { Host } from "../contract/host.ts";
import type { Policy } from "../contract/policy.ts";
import type { Planner } from "../plan/planner.ts";
import type { Registry } from "../registry/registry.ts";
import type { Runner } from "../run/runner.ts";
import { token } from "./container.ts";

/** The services of one gate. Process-wide things only: tenants and requests are arguments. */
export const tokens = {
  host: token<Host>("host"),
  registry: token<Registry>("registry"),
  planner: token<Planner>("planner"),
  runner: token<Runner>("runner"),
  /** The gate's own policy, under those of pipelines and runs. */
  policy: token<Policy>("policy"),
} as const;
