import { type Arm, armId, createRouter, type Router } from "@stargate/compute";
import { type BenchResult, result } from "../../support/result.ts";
import { median, quantile } from "../../support/statistics.ts";
import { createDraws } from "../random.ts";
import { VirtualTime } from "../simulate/virtual-time.ts";

const ROUNDS = 41;
const CALLS_PER_ROUND = 2000;
const WARM_UP_ROUNDS = 10;

/** How long a decision takes on a router that learns and records all the while: median over rounds of a round's p99. */
export async function measureDecisionTime(): Promise<readonly BenchResult[]> {
  return [12, 100].flatMap((count) => {
    const rounds = Array.from({ length: WARM_UP_ROUNDS + ROUNDS }, roundsOf(count)).slice(WARM_UP_ROUNDS);
    const of = (q: number) => median(rounds.map((times) => quantile(times, q)));
    return [
      result(`a decision among ${count} arms, p99`, of(0.99), "us", { goal: count === 12 ? "<= 50" : "<= 200" }),
      result(`a decision among ${count} arms, p50`, of(0.5), "us"),
    ];
  });
}

function roundsOf(count: number): () => readonly number[] {
  const time = new VirtualTime();
  const draws = createDraws(11);
  const router = createRouter({ clock: time, random: () => draws.next() });
  const arms = armsFor(count);
  const pools = [...new Set(arms.map(({ pool }) => pool))];
  return () => {
    const times: number[] = [];
    for (let call = 0; call < CALLS_PER_ROUND; call++) {
      time.run(time.nowMs() + 1);
      if (call % 50 === 0) for (const pool of pools) reportOn(router, pool, time.nowMs());
      const startMs = performance.now();
      const { id } = router.decide({ bucket: "embed", items: 1, remainingMs: 200, tenant: "bench" }, arms);
      times.push((performance.now() - startMs) * 1000);
      router.observe({ decision: id, result: "ok", queueMs: draws.next(), serviceMs: 20 + 20 * draws.next() });
    }
    return times;
  };
}

function reportOn(router: Router, pool: string, atMs: number): void {
  router.report(pool, { atMs, slots: 4, busySlots: 3, queuedJobs: 0, backlogMs: 20 });
}

/** Pools of four variants each. */
function armsFor(count: number): readonly Arm[] {
  return Array.from({ length: count }, (_, index) => {
    const [pool, variant] = [`pool-${index >> 2}`, `variant-${index % 4}`];
    return {
      id: armId({ pool, model: "model", variant }),
      model: "model",
      variant,
      pool,
      backend: "bench",
      device: "cuda:0",
      deviceKind: "cuda",
      tags: ["eu"],
      quality: 0.7 + 0.05 * (index % 4),
      price: { usdPerHour: 0.5 },
      watts: 75,
      priorMs: 10 + 10 * (index % 4),
    };
  });
}
