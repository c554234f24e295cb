import type { Suite } from "../support/result.ts";
import { runAll } from "../support/run-all.ts";
import { measureMemory, measurePoison } from "./rows/batches.ts";
import { measureDeadPools } from "./rows/dead-pools.ts";
import { measureClockJumps, measureDrain, measureKilledGateway } from "./rows/gateway-life.ts";
import { measureKilledHosts, measureStoppedHost } from "./rows/host-loss.ts";
import { measureOverload, measureRetryStorm } from "./rows/overload.ts";
import { measurePlugins } from "./rows/plugins.ts";
import { measureRayServe } from "./rows/ray-serve.ts";
import { measureDisconnects } from "./rows/requests.ts";
import { measureSlowPool } from "./rows/slow-pool.ts";
import { measureWrongResults } from "./rows/wrong-results.ts";

/** What goes wrong, one thing after the other, under half of the load that the gateway can take. */
const rows = [
  measureKilledHosts,
  measureDeadPools,
  measureStoppedHost,
  measureSlowPool,
  measureWrongResults,
  measureMemory,
  measurePoison,
  measureOverload,
  measureRetryStorm,
  measureDisconnects,
  measureDrain,
  measureKilledGateway,
  measureClockJumps,
  measurePlugins,
  measureRayServe,
];

/** A real gateway and real model hosts; `npm run bench -- faults`. */
export const faultsSuite: Suite = { name: "faults", run: (note) => runAll(rows, note) };
