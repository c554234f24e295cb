import { setTimeout as pause } from "node:timers/promises";
import type { FaultControl } from "../../../test/support/faults/fault-control.ts";
import { result, type BenchResult } from "../../support/result.ts";
import { quantile } from "../../support/statistics.ts";
import { healthMs, millisecondsUntil, openLab, probe, type Lab, type Probe } from "../lab.ts";
import { faults, summary } from "../samples.ts";

type Note = (message: string) => void;

const deadMs = 8000;

/** F2: the device of a pool goes, so that every host ends that touches it; then those of every pool. */
export async function measureDeadPools(note: Note): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, note });
  const [one, two] = [lab.gateway.pool("one"), lab.gateway.pool("two")];
  note("F2: one pool of two is dead; the other one has a third of the capacity");
  const pinned = { "stargate-pool": "one" };
  const [during, refused] = await Promise.all([
    lab.load(0.15, deadMs / 1000 + 1, { firstBody: 10_000 }),
    whileDead([one], () => probes(lab, pinned)),
  ]);
  const backMs = await millisecondsUntil(async () => (await probe(lab.gateway, pinned)).status === 200);
  note(`F2: ${summary(during)}`);
  note("F2: every pool is dead");
  const [, hopeless] = await Promise.all([lab.load(0.15, deadMs / 1000), whileDead([one, two], () => probes(lab, {}))]);
  const allBackMs = await millisecondsUntil(async () => (await probe(lab.gateway)).status === 200);
  return [
    result(`F2 a pool is dead, the other spills: 5xx of ${during.length}`, faults(during).length, "", { goal: "<= 0" }),
    ...rowsOf("F2 pinned to the dead pool", refused),
    result("F2 the pool works again after its hosts do", backMs, "ms", { goal: "<= 5000" }),
    ...rowsOf("F2 every pool dead", hopeless),
    result("F2 the gateway works again after its hosts do", allBackMs, "ms", { goal: "<= 5000" }),
  ];
}

interface Seen extends Probe {
  /** Of GET /healthz right after it. */
  readonly healthMs: number;
}

const p95 = (values: readonly number[]): number => quantile(values, 0.95);

function rowsOf(name: string, seen: readonly Seen[]): readonly BenchResult[] {
  const refused = seen.filter(({ status }) => status === 503);
  return [
    result(`${name}: answers other than 503`, seen.length - refused.length, "", { goal: "<= 0" }),
    result(`${name}: 503 without Retry-After`, refused.filter(({ retryAfter }) => retryAfter === null).length, "", {
      goal: "<= 0",
    }),
    result(`${name}: 503 after, p95 of ${refused.length}`, p95(refused.map(({ ms }) => ms)), "ms", {
      goal: "<= 50",
      // What the machine, too busy as it may be, takes for an answer that nothing has to be done for.
      baseline: p95(seen.map(({ healthMs }) => healthMs)),
    }),
  ];
}

/** Ends the hosts of pools, and has those end that come after them, for as long as somebody watches. */
async function whileDead<Seen>(pools: readonly FaultControl[], watch: () => Promise<Seen>): Promise<Seen> {
  for (const pool of pools) {
    pool.set({ dead: true });
    for (const host of pool.hosts()) process.kill(host, "SIGKILL");
  }
  try {
    return await watch();
  } finally {
    for (const pool of pools) pool.set({});
  }
}

/** Asks now and then, once the pool is known to be dead. */
async function probes({ gateway }: Lab, headers: Readonly<Record<string, string>>): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  await pause(deadMs / 2);
  for (const untilMs = performance.now() + deadMs / 2; performance.now() < untilMs; await pause(100))
    seen.push({ ...(await probe(gateway, headers)), healthMs: await healthMs(gateway) });
  return seen;
}
