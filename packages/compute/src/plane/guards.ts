import type { Clock } from "@stargate/kernel";
import { type CallBudget, createCallBudget } from "../resilience/call-budget.ts";
import { LatencyQuantile } from "../resilience/latency-quantile.ts";
import type { Arm } from "../route/types/arm.ts";
import type { RouteRequest } from "../route/types/route-request.ts";
import type { OpenPool } from "./open-pool.ts";

/** A hedge starts when a call takes longer than all but one in twenty (J. Dean, L. A. Barroso, "The Tail at Scale", 2013). */
const HEDGE_QUANTILE = 0.95;
/** Fewer calls than this say nothing about the slowest twentieth. */
const HEDGE_MINIMUM_CALLS = 40;
const SHORTEST_HEDGE_MS = 2;
/** Retries that are allowed in ten seconds however few calls there are (Envoy's default is three). */
const MINIMUM_RETRIES = 3;

/** What keeps self-healing from doing harm: budgets, breakers, and how long a call usually takes. */
export interface Guards {
  readonly retries: CallBudget;
  readonly hedges: CallBudget;
  /** A call goes to an arm; returns how to tell its end. */
  begin(arm: Arm): (error?: unknown) => void;
  observe(arm: Arm, request: Pick<RouteRequest, "bucket">, wholeMs: number): void;
  /** When a second call may start; undefined as long as nobody knows how long it usually takes, or nowhere else to go. */
  hedgeAfterMs(arm: Arm, request: Pick<RouteRequest, "bucket">): number | undefined;
}

export interface GuardsOptions {
  readonly clock: Clock;
  readonly retryShare: number;
  readonly hedgeShare: number;
  readonly pools: readonly OpenPool[];
}

export function createGuards({ clock, retryShare, hedgeShare, pools }: GuardsOptions): Guards {
  const breakers = new Map(pools.map(({ pool, breaker }) => [pool.id, breaker]));
  const latencies = new Map<string, LatencyQuantile>();
  const keyOf = (arm: Arm, { bucket }: Pick<RouteRequest, "bucket">): string => `${arm.id} ${bucket}`;
  return {
    retries: createCallBudget({ clock, share: retryShare, minimum: MINIMUM_RETRIES }),
    hedges: createCallBudget({ clock, share: hedgeShare, minimum: 0 }),
    begin: (arm) => breakers.get(arm.pool)?.begin() ?? (() => {}),
    observe(arm, request, wholeMs) {
      const key = keyOf(arm, request);
      let latency = latencies.get(key);
      if (latency === undefined) latencies.set(key, (latency = new LatencyQuantile()));
      latency.observe(wholeMs);
    },
    hedgeAfterMs(arm, request) {
      if (pools.length < 2 || hedgeShare === 0) return undefined;
      const latency = latencies.get(keyOf(arm, request));
      if (latency === undefined || latency.weight < HEDGE_MINIMUM_CALLS) return undefined;
      return Math.max(SHORTEST_HEDGE_MS, latency.at(HEDGE_QUANTILE) ?? Infinity);
    },
  };
}
