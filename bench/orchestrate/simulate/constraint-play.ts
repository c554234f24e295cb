import {
  type Arm,
  type ArmBlock,
  armId,
  type Criticality,
  decisionRecordSchema,
  type PoolTelemetry,
  replayDecision,
  type Router,
  type RouteRequest,
} from "@stargate/compute";
import type { Draws } from "../random.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface ConstraintPlay {
  readonly placed: number;
  readonly violations: number;
  readonly wrongRefusals: number;
  readonly replays: number;
  readonly replaysThatDiffer: number;
}

const POOLS = ["a", "b", "c", "d", "e"] as const;
const VARIANTS = [
  { name: "small", quality: 0.6 },
  { name: "medium", quality: 0.8 },
  { name: "large", quality: 1 },
] as const;
const BLOCKS: readonly ArmBlock["kind"][] = ["capability", "breaker", "ejected", "absent"];
const NEW_ARMS_EVERY = 50;

/**
 * Random requests on random arms, with pools that report, close, fail and answer; every decision is checked by rules
 * written apart from the router's.
 */
export function playConstraints(init: {
  readonly router: Router;
  readonly time: VirtualTime;
  readonly draws: Draws;
  readonly decisions: number;
  readonly replayEvery: number;
}): ConstraintPlay {
  const { router, time, draws, decisions, replayEvery } = init;
  const play = { placed: 0, violations: 0, wrongRefusals: 0, replays: 0, replaysThatDiffer: 0 };
  const reports = new Map<string, PoolTelemetry>();
  let arms = randomArms(draws);
  for (let index = 0; index < decisions; index++) {
    time.run(time.nowMs() + draws.exponential(5));
    if (index % NEW_ARMS_EVERY === 0) arms = randomArms(draws);
    if (draws.chance(0.3)) {
      const pool = draws.pick(POOLS);
      const report = randomReport(draws, time.nowMs());
      if ((reports.get(pool)?.atMs ?? -1) < report.atMs) reports.set(pool, report);
      router.report(pool, report);
    }
    const request = randomRequest(draws);
    const decision = router.decide(request, arms);
    const isOpen = ({ pool }: Arm) => {
      const report = reports.get(pool);
      return report === undefined || (report.slots > 0 && !((report.closedUntilMs ?? 0) > time.nowMs()));
    };
    if (decision.arm === undefined) {
      const couldBePlaced = arms.some((arm) => isOpen(arm) && allows(request, arm));
      if (couldBePlaced && request.remainingMs === Number.POSITIVE_INFINITY) play.wrongRefusals += 1;
    } else {
      play.placed += 1;
      if (!isOpen(decision.arm) || !allows(request, decision.arm)) play.violations += 1;
      const result = draws.pick(["ok", "ok", "ok", "ok", "failed", "timeout", "expired", "cancelled"] as const);
      const serviceMs = 20 * draws.logNormal(0.5);
      router.observe({ decision: decision.id, result, queueMs: 5 * draws.next(), serviceMs, usd: 0.0001 });
    }
    if (index % replayEvery === 0) {
      const record = decisionRecordSchema.parse(JSON.parse(JSON.stringify(router.record(decision.id))));
      play.replays += 1;
      if (replayDecision(record).differences.length > 0) play.replaysThatDiffer += 1;
    }
  }
  return play;
}

function allows(request: RouteRequest, arm: Arm): boolean {
  const { pin, residency = [], excludePools = [], minimumDeclaredQuality = 0 } = request;
  return [
    pin?.pool === undefined || pin.pool === arm.pool,
    pin?.device === undefined || pin.device === arm.device || pin.device === arm.deviceKind,
    residency.every((tag) => arm.tags.includes(tag)),
    !excludePools.includes(arm.pool),
    arm.blocked === undefined,
    arm.quality >= minimumDeclaredQuality,
  ].every(Boolean);
}

function randomArms(draws: Draws): readonly Arm[] {
  return POOLS.filter(() => draws.chance(0.8)).flatMap((pool, index) => {
    const tags = ["eu", "us", "hospital"].filter(() => draws.chance(0.5));
    const kind = draws.pick(["cpu", "cuda", "remote"] as const);
    return VARIANTS.filter(() => draws.chance(0.8)).map(({ name, quality }): Arm => ({
      id: armId({ pool, model: "model", variant: name }),
      model: "model",
      variant: name,
      pool,
      backend: "simulated",
      device: `${kind}:${index}`,
      deviceKind: kind,
      tags,
      quality,
      price: draws.chance(0.5) ? { usdPerHour: draws.next() } : { usdPerCall: draws.next() / 1000 },
      watts: 100 * draws.next(),
      cold: draws.chance(0.1),
      ...(draws.chance(0.5) ? { priorMs: 10 + 100 * draws.next() } : {}),
      ...(draws.chance(0.15) ? { blocked: { kind: draws.pick(BLOCKS), detail: "the draw said so" } } : {}),
    }));
  });
}

function randomReport(draws: Draws, nowMs: number): PoolTelemetry {
  const slots = draws.chance(0.05) ? 0 : draws.integer(1, 8);
  return {
    atMs: nowMs - 500 * draws.next(),
    slots,
    busySlots: Math.min(slots, draws.integer(0, 8)),
    queuedJobs: draws.chance(0.5) ? 0 : draws.integer(0, 20),
    backlogMs: draws.chance(0.5) ? 0 : 300 * draws.next(),
    ...(draws.chance(0.1) ? { closedUntilMs: nowMs + 200 * draws.next() } : {}),
  };
}

function randomRequest(draws: Draws): RouteRequest {
  return {
    bucket: draws.pick(["a", "b"]),
    items: draws.logNormal(0.5),
    remainingMs: draws.chance(0.3) ? Number.POSITIVE_INFINITY : 1000 * draws.next() - 10,
    tenant: "bench",
    criticality: draws.pick<Criticality>(["critical", "normal", "sheddable"]),
    ...(draws.chance(0.3)
      ? { objective: { latency: draws.next(), cost: draws.next(), energy: draws.next(), quality: draws.next() } }
      : {}),
    ...(draws.chance(0.1) ? { pin: { pool: draws.pick(POOLS) } } : {}),
    ...(draws.chance(0.1) ? { pin: { device: draws.pick(["cpu", "cuda", "cuda:0", "remote:1"]) } } : {}),
    ...(draws.chance(0.2) ? { residency: draws.pick([["eu"], ["us"], ["eu", "hospital"]]) } : {}),
    ...(draws.chance(0.2) ? { minimumDeclaredQuality: draws.next() } : {}),
    ...(draws.chance(0.1) ? { excludePools: [draws.pick(POOLS)] } : {}),
  };
}
