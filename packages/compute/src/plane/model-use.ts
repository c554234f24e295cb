import type { ModelSpec, ModelUse } from "@stargate/kernel";
import { carbonGrams } from "../energy/carbon-grams.ts";
import type { PoolResult } from "../pools/pool.ts";
import type { Arm } from "../route/types/arm.ts";
import type { Dispatched } from "./dispatch.ts";
import type { OpenPool } from "./open-pool.ts";

export interface Price {
  readonly usd: number;
  readonly joules: NonNullable<ModelUse["joules"]> | undefined;
  readonly carbonGrams: number | undefined;
}

/** Money, energy and carbon of a call: its share of the run it was part of, by items. `hour`: of the day, UTC. */
export function priceOf({ price }: Arm, place: OpenPool, result: PoolResult, hour: number): Price {
  const share = result.ownItems / result.batchItems;
  const busyMs = result.runMs * share;
  const joules = joulesOf(place, result, share);
  const gramsPerKwh = place.gramsPerKwh(hour);
  return {
    usd: "usdPerCall" in price ? price.usdPerCall : (price.usdPerHour * busyMs) / 3_600_000,
    joules,
    carbonGrams: joules === undefined || gramsPerKwh === undefined ? undefined : carbonGrams(joules.value, gramsPerKwh),
  };
}

/** What was measured of the run, or else what a busy slot is said to draw. */
function joulesOf(place: OpenPool, { energy, runMs }: PoolResult, share: number): Price["joules"] {
  if (energy !== undefined) return { value: energy.joules * share, basis: energy.basis };
  const power = place.slotPower();
  return power && { value: (power.watts * runMs * share) / 1000, basis: power.basis };
}

export interface ModelUseInit {
  readonly spec: ModelSpec;
  readonly digest: string | null;
  readonly dispatched: Dispatched;
  readonly price: Price;
  /** Quality of the best variant this gateway has. */
  readonly bestQuality: number;
}

/** What the receipt says of a call. */
export function modelUse({ spec, digest, dispatched, price, bestQuality }: ModelUseInit): ModelUse {
  const { placement, result, attempts, hedged } = dispatched;
  const { arm } = placement;
  const quality = spec.variants.find(({ name }) => name === arm.variant)?.quality ?? bestQuality;
  return {
    model: spec.id,
    variant: arm.variant,
    digest,
    backend: arm.backend,
    device: result.device,
    deviceKind: result.deviceKind,
    pool: arm.pool,
    attempts,
    hedged,
    batchItems: result.batchItems,
    queueMs: result.queueMs,
    runMs: result.runMs,
    ...(price.joules !== undefined && { joules: price.joules }),
    ...(price.carbonGrams !== undefined && { carbonGrams: price.carbonGrams }),
    ...(price.usd > 0 && { usd: price.usd }),
    decision: placement.id,
    ...(quality < bestQuality && {
      degradation: {
        what: `${spec.id} ${arm.variant}`,
        reason: `the router preferred it by the policy's objective (quality ${quality} of ${bestQuality})`,
      },
    }),
  };
}
