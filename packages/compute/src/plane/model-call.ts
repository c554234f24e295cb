import type { ComputeScope, ModelCall, ModelSpec, ModelVariant } from "@stargate/kernel";
import { cancellationOf, fail } from "@stargate/kernel";
import type { ModelStore } from "../store/model-store.ts";
import type { Objective, RouteRequest } from "../route/types/route-request.ts";
import { pinOf } from "./pin-of.ts";

/** What is asked of the router for one call, apart from what has been tried. */
export type RouteBase = Omit<RouteRequest, "excludePools">;

export interface RouteBaseInit {
  readonly scope: ComputeScope;
  readonly spec: ModelSpec;
  readonly store: ModelStore;
  readonly nowMs: number;
  readonly bucket: string;
  readonly items: number;
}

/** Translates policy and deadline of a call into what the router understands. Throws SG_COMPUTE_UNKNOWN_MODEL. */
export function routeBase({ scope, spec, store, nowMs, bucket, items }: RouteBaseInit): RouteBase {
  const { policy, tenant, deadlineMs } = scope;
  const minimumDeclaredQuality = policy.degrade === "never" ? bestVariantHere(spec, store)?.quality : undefined;
  const pin = pinOf(policy, spec.id, store);
  return {
    bucket,
    items,
    tenant,
    remainingMs: deadlineMs - nowMs,
    ...(policy.objective !== undefined && { objective: objectiveOf(policy.objective) }),
    ...(pin !== undefined && { pin }),
    ...(policy.residency !== undefined && { residency: policy.residency }),
    ...(policy.criticality !== undefined && { criticality: policy.criticality }),
    ...(minimumDeclaredQuality !== undefined && { minimumDeclaredQuality }),
  };
}

/** The best variant this gateway has or may fetch: which ones those are is the operator's choice, not a degradation. */
export function bestVariantHere(spec: ModelSpec, store: ModelStore): ModelVariant | undefined {
  const here = spec.variants.filter((variant) => ["ready", "fetchable"].includes(store.state(spec, variant)));
  return here.toSorted((a, b) => b.quality - a.quality)[0];
}

function objectiveOf({ latency, cost, energy, quality }: NonNullable<ComputeScope["policy"]["objective"]>): Objective {
  return { latency, cost, energy, quality };
}

/** A call that has been given up, or whose time has passed, is not begun. Throws SG_RUN_CANCELLED, SG_RUN_DEADLINE. */
export function throwIfOver({ signal, deadlineMs, model, step }: ModelCall, nowMs: number): void {
  if (signal.aborted) throw cancellationOf(signal, `The run of model "${model}" was cancelled`);
  if (deadlineMs <= nowMs)
    throw fail(
      "SG_RUN_DEADLINE",
      `The time for step "${step}" had passed ${Math.ceil(nowMs - deadlineMs)} ms before model "${model}" could begin`,
      {
        details: { step, model },
      },
    );
}
