import { result, type BenchResult } from "../../support/result.ts";
import type { LoadSample, RequestClass } from "../../support/open-load.ts";
import { epochNow, openLab } from "../lab.ts";
import { answered, between, envelopeType, millisecondsAt, summary } from "../samples.ts";

type Note = (message: string) => void;

/** What an answer is worth something within. */
const sloMs = 2000;
const seconds = 20;

const kind = (name: "critical" | "normal" | "sheddable", share: number): RequestClass => ({
  name,
  share,
  headers: { "stargate-criticality": name, "stargate-deadline-ms": String(sloMs) },
});
const kinds = [kind("critical", 0.1), kind("normal", 0.4), kind("sheddable", 0.5)];

/** F14: five times as much as the gateway can take, and then half. */
export async function measureOverload(note: Note): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, ask: "slow", note });
  await lab.load(0.5, 4, { classes: kinds });
  note(`F14: 5x overload for ${seconds} s, answers are due in ${sloMs} ms`);
  const samples = await lab.load(5, seconds, { classes: kinds });
  const endedMs = epochNow();
  note(`F14: ${summary(samples)}`);
  const after = await lab.load(0.5, 10, { classes: kinds });
  const good = inTime(samples);
  const refused = samples.filter(({ status }) => status === 503);
  const successOf = (name: string): number => {
    const some = samples.filter((sample) => sample.kind === name);
    return inTime(some).length / some.length;
  };
  const [critical, normal, sheddable] = [successOf("critical"), successOf("normal"), successOf("sheddable")];
  note(`F14: in time: critical ${critical.toFixed(3)}, normal ${normal.toFixed(3)}, sheddable ${sheddable.toFixed(3)}`);
  return [
    result("F14 5x overload: goodput over peak", good.length / seconds / lab.capacity, "", { goal: ">= 0.85" }),
    result("F14 p99 of what was answered", millisecondsAt(answered(samples), 0.99), "ms", { goal: `<= ${2 * sloMs}` }),
    result(`F14 refusals, p95 of ${refused.length}`, millisecondsAt(refused, 0.95), "ms", { goal: "<= 20" }),
    result("F14 refusals without Retry-After", refused.filter(({ retryAfter }) => retryAfter === null).length, "", {
      goal: "<= 0",
    }),
    result("F14 answered in time: critical", critical, "", { goal: ">= 0.95" }),
    result("F14 answered in time: sheddable over critical", sheddable / critical, "x", { goal: "<= 0.5" }),
    result("F14 normal again after", secondsUntilNormal(after, endedMs), "s", { goal: "<= 5" }),
  ];
}

const attemptsOfClients = 4;

/** F15: everything becomes slow for a while, and every client tries three times again at once. */
export async function measureRetryStorm(note: Note): Promise<readonly BenchResult[]> {
  await using lab = await openLab({ pools: { one: 2, two: 1 }, note });
  const pools = [lab.gateway.pool("one"), lab.gateway.pool("two")];
  const headers = { accept: envelopeType, "stargate-deadline-ms": String(sloMs) };
  const retrying = { headers, retries: attemptsOfClients - 1 };
  const triggers = [
    { name: "every run fails", faults: { fails: true } },
    { name: "everything is 10x slower", faults: { slowness: 10 } },
  ] as const;
  const rows: BenchResult[] = [];
  for (const [index, trigger] of triggers.entries()) {
    const firstBody = (index + 1) * 100_000;
    note(`F15: ${trigger.name} for 8 s, clients try ${attemptsOfClients} times at once`);
    await lab.load(0.5, 3, { headers });
    for (const pool of pools) pool.set(trigger.faults);
    const storm = await lab.load(0.5, 8, { ...retrying, firstBody });
    for (const pool of pools) pool.set({});
    const endedMs = epochNow();
    const after = await lab.load(0.5, 14, { ...retrying, firstBody: firstBody + 50_000 });
    const ran = pools
      .flatMap((pool) => pool.runs().flatMap(({ ids }) => ids))
      .filter((id) => id >= firstBody && id < firstBody + 50_000);
    const asked = storm.reduce((sum, { attempts }) => sum + attempts, 0);
    note(`F15: ${storm.length} requests were sent ${asked} times and run ${ran.length} times; ${summary(storm)}`);
    rows.push(
      result(`F15 retry storm, ${trigger.name}: runs per request`, ran.length / storm.length, "x", {
        goal: "<= 1.2",
        baseline: asked / storm.length,
      }),
      result(`F15 normal again after ${trigger.name}`, secondsUntilNormal(after, endedMs), "s", { goal: "<= 10" }),
    );
  }
  return rows;
}

const inTime = (samples: readonly LoadSample[]): readonly LoadSample[] =>
  answered(samples).filter(({ ms }) => ms <= sloMs);

/** From when on 19 of 20 requests were answered in time for two seconds. */
function secondsUntilNormal(samples: readonly LoadSample[], fromMs: number): number {
  const lastMs = Math.max(...samples.map(({ atMs }) => atMs));
  for (let atMs = fromMs; atMs < lastMs; atMs += 250) {
    const some = between(samples, atMs, atMs + 2000);
    if (inTime(some).length >= some.length * 0.95) return (atMs - fromMs) / 1000;
  }
  return Number.POSITIVE_INFINITY;
}
