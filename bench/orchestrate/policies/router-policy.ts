import { createRouter, type Router } from "@stargate/compute";
import type { Draws } from "../random.ts";
import type { VirtualTime } from "../simulate/virtual-time.ts";
import type { Policy } from "./policy.ts";

/** The gateway's own router, as it is. */
export function routerPolicy(time: VirtualTime, draws: Draws): Policy {
  const router: Router = createRouter({ clock: time, random: () => draws.next(), instance: "sim" });
  return {
    choose({ request, arms }) {
      const decision = router.decide(request, arms);
      const { id, arm, warmUp } = decision;
      const explored = decision.arm !== undefined && decision.explored;
      return { arm: arm === undefined ? -1 : arms.indexOf(arm), ticket: id, explored, warmUp };
    },
    end(ticket, { utility: _, ...outcome }) {
      router.observe({ decision: ticket, ...outcome });
    },
    report: (pool, telemetry) => router.report(pool, telemetry),
    quality: (observation) => router.observeQuality(observation),
  };
}
