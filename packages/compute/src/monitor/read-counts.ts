import type { Basis } from "@stargate/kernel";
import type { PoolTotals, WindowSnapshot } from "./compute-snapshot.ts";
import type { WindowCounts } from "./sliding-counts.ts";

/** FLOP/s per watt of less time than this says nothing: a run that ends a moment later changes it too much. */
const LEAST_SECONDS = 2;
/** Weakest last: a sum is known no better than its weakest part. */
const bases: readonly Basis[] = ["measured", "declared", "estimated"];

/** Where `PoolMonitor` counts what; the part after the colon says of what kind. */
export type CountName =
  | "busyMs"
  | "items"
  | "mostItems"
  | "carbonGrams"
  | `runs:${string}`
  | `joules:${Basis}`
  /** Runs of which nobody knows the energy. */
  | "unpoweredRuns"
  /** Items by model, variant and bucket. */
  | `done:${string}`
  | `releases:${string}`
  | `refusals:${string}`
  | `hosts:${string}`;

/** Operations of one item of what "done:..." counts; undefined while they are not known. */
export type FlopsOf = (key: string) => number | undefined;

/** What some time of a pool's counts says. */
export function readWindow({ seconds, counts }: WindowCounts, slots: number, flopsOf: FlopsOf): WindowSnapshot {
  const count = (name: CountName): number => counts.get(name) ?? 0;
  const outcomes = byKind(counts, "runs");
  const runs = sum(outcomes);
  const work = workOf(counts, flopsOf);
  const joules = joulesOf(counts);
  const items = count("items");
  const watts = joules === null || seconds === 0 ? null : joules.value / seconds;
  const isTold = seconds >= LEAST_SECONDS && work.known === 1 && joules !== null && joules.value > 0;
  return {
    seconds,
    busyFraction: seconds === 0 ? 0 : count("busyMs") / 1000 / seconds / slots,
    runs,
    failedRuns: runs - (outcomes["ok"] ?? 0),
    items,
    itemsPerRun: runs === 0 ? null : items / runs,
    batchFill: count("mostItems") === 0 ? null : items / count("mostItems"),
    flopsPerSecond: seconds === 0 || work.known === 0 ? null : work.flops / seconds,
    flopsKnown: work.known,
    joules: joules?.value ?? null,
    joulesBasis: joules?.basis ?? null,
    watts,
    flopsPerWatt: isTold ? work.flops / joules.value : null,
    carbonGrams: counts.get("carbonGrams") ?? null,
    releases: byKind(counts, "releases"),
    refusals: byKind(counts, "refusals"),
    hosts: byKind(counts, "hosts"),
  };
}

/** What all time of a pool's counts says. */
export function readTotals(counts: ReadonlyMap<string, number>, flopsOf: FlopsOf): PoolTotals {
  const count = (name: CountName): number => counts.get(name) ?? 0;
  return {
    busySeconds: count("busyMs") / 1000,
    runs: byKind(counts, "runs"),
    items: count("items"),
    flops: workOf(counts, flopsOf).flops,
    joules: byKind(counts, "joules"),
    carbonGrams: count("carbonGrams"),
    releases: byKind(counts, "releases"),
    refusals: byKind(counts, "refusals"),
    hosts: byKind(counts, "hosts"),
  };
}

/** Operations of what was done, and of what share of the items they are known; null when nothing was done. */
function workOf(
  counts: ReadonlyMap<string, number>,
  flopsOf: FlopsOf,
): { readonly flops: number; readonly known: number | null } {
  let flops = 0;
  let knownItems = 0;
  let items = 0;
  for (const [key, done] of Object.entries(byKind(counts, "done"))) {
    const each = flopsOf(key);
    items += done;
    if (each === undefined) continue;
    knownItems += done;
    flops += each * done;
  }
  return { flops, known: items === 0 ? null : knownItems / items };
}

/** Energy of runs, if it is known of all of them. */
function joulesOf(counts: ReadonlyMap<string, number>): { readonly value: number; readonly basis: Basis } | null {
  const known = byKind(counts, "joules");
  const basis = bases.findLast((one) => (known[one] ?? 0) > 0);
  if (basis === undefined || (counts.get("unpoweredRuns" satisfies CountName) ?? 0) > 0) return null;
  return { value: sum(known), basis };
}

function byKind(counts: ReadonlyMap<string, number>, kind: string): Record<string, number> {
  const prefix = `${kind}:`;
  return Object.fromEntries(
    [...counts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, amount]) => [name.slice(prefix.length), amount]),
  );
}

function sum(amounts: Readonly<Record<string, number>>): number {
  return Object.values(amounts).reduce((total, amount) => total + amount, 0);
}
