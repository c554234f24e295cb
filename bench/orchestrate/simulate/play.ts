import { policies, type PolicyName } from "../policies/all-policies.ts";
import { createDraws } from "../random.ts";
import type { Episode, Telemetry } from "../scenarios/scenario.ts";
import { Simulation } from "./simulation.ts";
import type { Totals } from "./tally.ts";
import { VirtualTime } from "./virtual-time.ts";

/** Plays one episode with one policy in every gateway. */
export function play(episode: Episode, policy: PolicyName, telemetry: Telemetry): Totals {
  const time = new VirtualTime();
  const gateways = Array.from({ length: telemetry.gateways }, (_, index) =>
    policies[policy]({ time, episode, draws: createDraws(episode.seed * 7919 + index) }),
  );
  return new Simulation({ episode, time, gateways, telemetry }).run();
}
