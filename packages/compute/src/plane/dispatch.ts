import { type Clock, fail, isStargateError, type ModelCall, type ModelSpec } from "@stargate/kernel";
import type { PoolResult } from "../pools/pool.ts";
import { isPlaceFault } from "../resilience/pool-breaker.ts";
import type { Arm } from "../route/types/arm.ts";
import type { Decision, Placement } from "../route/types/decision.ts";
import type { Outcome } from "../route/types/observation.ts";
import type { Router } from "../route/types/router.ts";
import type { Guards } from "./guards.ts";
import { type RouteBase, throwIfOver } from "./model-call.ts";
import { refusalError } from "./refusal.ts";

/** Most places one call is tried at, the first included. */
const MAX_ATTEMPTS = 3;

export interface DispatchInit {
  readonly clock: Clock;
  readonly router: Router;
  readonly guards: Guards;
  readonly call: ModelCall;
  readonly base: RouteBase;
  readonly spec: Pick<ModelSpec, "id" | "variants">;
  /** Asked anew for every attempt: breakers and what is loaded change. */
  readonly arms: () => readonly Arm[];
  /** Sends the call to one arm. */
  readonly submit: (arm: Arm, signal: AbortSignal) => Promise<PoolResult>;
  /** Told of an arm whose model would be worth loading. */
  readonly warmUp: (arm: Arm) => void;
  /** Energy and money of a run, where known. */
  readonly price: (arm: Arm, result: PoolResult) => Pick<Outcome, "usd" | "joules">;
}

/** The answer, where it came from, and what it took. */
export interface Dispatched {
  readonly placement: Placement;
  readonly result: PoolResult;
  readonly attempts: number;
  readonly hedged: boolean;
}

/**
 * Carries out one call: where the router says, elsewhere when that place fails (within the retry budget) or has too much
 * to do, and in two places at once when the first is slower than it usually is (within the hedge budget; the loser is
 * cancelled). Throws the refusal of the router, or the error of the last attempt.
 */
export async function dispatch(init: DispatchInit): Promise<Dispatched> {
  const { clock, guards, call } = init;
  const triedPools: string[] = [];
  let attempts = 0;
  let lastError: Error | undefined;
  guards.retries.call();
  guards.hedges.call();
  for (;;) {
    throwIfOver(call, clock.nowMs());
    const decision = decide(init, { triedPools, onlyOthers: isRefusal(lastError) || isUnable(lastError) });
    if (decision.warmUp !== undefined) init.warmUp(decision.warmUp);
    if (decision.arm === undefined) throw lastError ?? refusalError(init.spec, decision);
    const outcome = await attempt(init, decision, triedPools);
    attempts += outcome.attempts;
    if ("result" in outcome) return { ...outcome, attempts };
    lastError = outcome.error;
    if (call.signal.aborted || attempts >= MAX_ATTEMPTS) throw lastError;
    // A place that was too busy has begun nothing, so that asking another one takes nothing from the budget.
    const mayRetry = isPlaceFault(lastError) || isUnable(lastError);
    if (!isRefusal(lastError) && !(mayRetry && guards.retries.take())) throw lastError;
  }
}

function isRefusal(error: unknown): boolean {
  return isStargateError(error) && error.code === "SG_COMPUTE_OVERLOADED";
}

/** What one engine cannot load, or one device has no memory for, another may; the same one would only fail again. */
const inabilities: readonly string[] = ["SG_COMPUTE_MODEL", "SG_COMPUTE_DEVICE", "SG_COMPUTE_MEMORY"];

function isUnable(error: unknown): boolean {
  return isStargateError(error) && inabilities.includes(error.code);
}

interface Tried {
  readonly triedPools: readonly string[];
  /** Whether those that have been tried are out. */
  readonly onlyOthers: boolean;
}

/** With places left that have not been tried, one of those; otherwise any of them again: a pool replaces what it has lost. */
function decide({ base, arms, clock, call, router }: DispatchInit, { triedPools, onlyOthers }: Tried): Decision {
  const request = { ...base, remainingMs: call.deadlineMs - clock.nowMs() };
  if (triedPools.length === 0) return router.decide(request, arms());
  const elsewhere = router.decide({ ...request, excludePools: triedPools, noExploration: true }, arms());
  if (elsewhere.arm !== undefined || onlyOthers) return elsewhere;
  return router.decide({ ...request, noExploration: true }, arms());
}

/** Every run that was started for one placement failed. */
interface AllFailed {
  readonly attempts: number;
  /** Of the last one. */
  readonly error: Error;
}

interface Racer {
  readonly controller: AbortController;
  readonly placement: Placement;
  hasEnded: boolean;
}

async function attempt(init: DispatchInit, first: Placement, triedPools: string[]): Promise<Dispatched | AllFailed> {
  const { clock, guards, call, router } = init;
  const racers: Racer[] = [];
  let cancelTimer: (() => void) | undefined;
  const abortAll = (): void => {
    for (const { controller } of racers) controller.abort(call.signal.reason);
  };
  call.signal.addEventListener("abort", abortAll, { once: true });
  try {
    return await new Promise((resolve) => {
      let running = 0;
      const start = (placement: Placement): void => {
        const racer: Racer = { controller: new AbortController(), placement, hasEnded: false };
        racers.push(racer);
        triedPools.push(placement.arm.pool);
        running += 1;
        run(init, racer).then(
          (result) => {
            racer.hasEnded = true;
            resolve({ placement, result, attempts: racers.length, hedged: racers.length > 1 });
          },
          (error: unknown) => {
            racer.hasEnded = true;
            running -= 1;
            if (running === 0) resolve({ attempts: racers.length, error: error as Error }); // pools throw errors
          },
        );
      };
      start(first);
      const hedgeAfterMs = guards.hedgeAfterMs(first.arm, init.base);
      if (hedgeAfterMs === undefined) return;
      cancelTimer = clock.timer(hedgeAfterMs, () => {
        const second = decideHedge(init, triedPools);
        if (second !== undefined && guards.hedges.take()) start(second);
        else if (second !== undefined)
          router.observe({ decision: second.id, result: "cancelled", queueMs: 0, serviceMs: 0 });
      });
    });
  } finally {
    cancelTimer?.();
    call.signal.removeEventListener("abort", abortAll);
    for (const { controller, hasEnded } of racers) if (!hasEnded) controller.abort(notNeeded(call.model));
  }
}

function decideHedge({ base, arms, call, clock, router }: DispatchInit, triedPools: readonly string[]) {
  const request = {
    ...base,
    remainingMs: call.deadlineMs - clock.nowMs(),
    excludePools: triedPools,
    noExploration: true,
  };
  const preview = router.decide({ ...request, preview: true }, arms());
  if (preview.arm === undefined) return undefined;
  const decision = router.decide(request, arms());
  return decision.arm === undefined ? undefined : decision;
}

/** One run at one place, with its end told to the router, the breaker and the learned latency. */
async function run(init: DispatchInit, { placement, controller }: Racer): Promise<PoolResult> {
  const { clock, router, guards, submit, price, base } = init;
  const { arm } = placement;
  const startedMs = clock.nowMs();
  const ended = guards.begin(arm);
  const tell = (outcome: Omit<Outcome, "decision">): void => router.observe({ decision: placement.id, ...outcome });
  try {
    const result = await submit(arm, controller.signal);
    const wholeMs = clock.nowMs() - startedMs;
    ended();
    guards.observe(arm, base, wholeMs);
    tell({
      result: "ok",
      queueMs: result.queueMs,
      serviceMs: Math.max(0, wholeMs - result.queueMs - result.coldMs),
      coldMs: result.coldMs,
      ...price(arm, result),
    });
    return result;
  } catch (error) {
    ended(error);
    const waitedMs = clock.nowMs() - startedMs;
    tell({ result: outcomeOf(error, controller.signal), queueMs: waitedMs, serviceMs: 0 });
    throw error;
  }
}

function outcomeOf(error: unknown, signal: AbortSignal): Outcome["result"] {
  if (signal.aborted) return "cancelled";
  if (isStargateError(error) && error.code === "SG_RUN_DEADLINE") return "expired";
  return isPlaceFault(error) || isUnable(error) ? "failed" : "cancelled"; // what the caller got wrong says nothing about the place
}

function notNeeded(model: string) {
  return fail("SG_RUN_CANCELLED", `This run of model "${model}" is not needed any more`);
}
