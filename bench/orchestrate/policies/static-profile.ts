import type { Arm } from "@stargate/compute";
import { utilityOf } from "../simulate/utility.ts";
import type { World } from "../world/world.ts";
import { Outstanding } from "./outstanding.ts";
import type { Policy } from "./policy.ts";

/**
 * A careful operator: every arm's time, accuracy and price measured without error before the episode begins, the
 * reported backlog and the own calls since added, the arm with the best utility taken. It never learns. `profile` gives
 * the measured time of one item.
 */
export function staticProfile(
  world: World,
  profile: (arm: Arm, kind: string) => { readonly serviceMs: number; readonly accuracy: number },
): Policy {
  const seen = new Outstanding();
  const sent = new Map<string, { atMs: number; ms: number }>();
  return {
    choose({ arms, request, nowMs }) {
      let best = -1;
      let most = Number.NEGATIVE_INFINITY;
      let bestMs = 0;
      const { latency = 0, cost = 0, energy = 0, quality = 0 } = request.objective ?? {};
      for (const [index, arm] of arms.entries()) {
        if (request.excludePools?.includes(arm.pool) === true) continue;
        const { serviceMs, accuracy } = profile(arm, request.bucket);
        const ms = serviceMs * request.items;
        const added = sent.get(arm.pool) ?? { atMs: 0, ms: 0 };
        const latencyMs = Math.max(0, seen.backlogMs(arm.pool) + added.ms - (nowMs - added.atMs)) + ms;
        const utility = utilityOf(
          {
            // A tenth in hand for what the profile cannot know of this one call.
            onTime: latencyMs * 1.1 < request.remainingMs,
            accuracy,
            usd: "usdPerCall" in arm.price ? arm.price.usdPerCall : (arm.price.usdPerHour * ms) / 3_600_000,
            joules: ((arm.watts ?? 0) * ms) / 1000,
            gramsPerKwh: arm.gramsPerKwh ?? 400,
            latencyMs,
            deadlineMs: request.remainingMs,
          },
          { latency, cost, energy, quality },
          world.scales,
        );
        if (utility > most) [best, most, bestMs] = [index, utility, ms];
      }
      const pool = arms[best]?.pool ?? "";
      const slots = world.pools.find(({ id }) => id === pool)?.slots ?? 1;
      const added = sent.get(pool) ?? { atMs: nowMs, ms: 0 };
      added.ms += bestMs / slots;
      sent.set(pool, added);
      return { arm: best, ticket: best < 0 ? "" : seen.begin(pool), explored: false };
    },
    end: (ticket) => seen.end(ticket),
    report(pool, telemetry) {
      seen.report(pool, telemetry);
      sent.set(pool, { atMs: telemetry.atMs, ms: 0 });
    },
    quality() {},
  };
}

type Profile = Parameters<typeof staticProfile>[1];

/** True times and accuracies of a world as it is at the start. */
export function profileOf(world: World): Profile {
  return (arm, kind) => {
    const pool = world.pools.find(({ id }) => id === arm.pool);
    const variant = world.variants.find(({ name }) => name === arm.variant);
    const rung = world.rungs.find(({ name }) => name === (arm.rung ?? world.rungs[0]?.name));
    const serviceMs = (variant?.serviceMs[kind] ?? 0) * (pool?.slowness ?? 1) * (rung?.work ?? 1);
    return { serviceMs: serviceMs + (pool?.networkMs ?? 0), accuracy: (variant?.accuracy ?? 0) * (rung?.quality ?? 1) };
  };
}
