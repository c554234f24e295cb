import type { PoolTelemetry } from "../pools/pool.ts";
import { armId, type Arm } from "./types/arm.ts";
import type { RouteRequest } from "./types/route-request.ts";

/** An arm of the model "clip"; everything not said is ordinary. */
export function arm(pool: string, more: Partial<Arm> = {}): Arm {
  const variant = more.variant ?? "fp32";
  return {
    id: armId({ pool, model: "clip", variant, rung: more.rung }),
    model: "clip",
    variant,
    pool,
    backend: "onnx",
    device: "cpu",
    deviceKind: "cpu",
    tags: ["eu"],
    quality: 1,
    price: { usdPerHour: 0.5 },
    watts: 50,
    priorMs: 20,
    ...more,
  };
}

export const request: RouteRequest = { bucket: "image", items: 1, remainingMs: 200, tenant: "clinic" };

export function telemetry(atMs: number, more: Partial<PoolTelemetry> = {}): PoolTelemetry {
  return { atMs, slots: 4, busySlots: 0, queuedJobs: 0, backlogMs: 0, ...more };
}
