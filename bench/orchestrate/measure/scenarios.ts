import type { BenchResult } from "../../support/result.ts";
import { result } from "../../support/result.ts";
import { type PolicyName, policies, staticPolicies } from "../policies/all-policies.ts";
import { scenarios } from "../scenarios/all-scenarios.ts";
import type { GroupResult } from "../simulate/group.ts";
import { playGroups } from "../simulate/play-groups.ts";
import { recoveryMs } from "../simulate/recovery.ts";
import type { Totals } from "../simulate/tally.ts";

const SEEDS = [1, 2, 3];
const everybody = Object.keys(policies) as readonly PolicyName[]; // its own keys
const withStaleReports: readonly PolicyName[] = ["router", "static profile", "shortest queue", "LinUCB"];

/** The router, nine other ways and two oracles in nine worlds, several drawings each. */
export async function measureScenarios(note: (message: string) => void): Promise<readonly BenchResult[]> {
  const tasks = scenarios.flatMap(({ name }) =>
    SEEDS.map((seed) => ({ scenario: name, seed, fresh: everybody, stale: withStaleReports })),
  );
  const groups = await playGroups(tasks, note);
  return [
    ...scenarios.flatMap(({ name, feasible }) =>
      rowsOfScenario(
        name,
        feasible,
        groups.filter(({ scenario }) => scenario === name),
      ),
    ),
    ...everybody.map((policy) => rowOfPolicy(policy, groups)),
    ...rowsOfRouter(groups),
  ];
}

function rowsOfScenario(name: string, feasible: boolean, groups: readonly GroupResult[]): readonly BenchResult[] {
  const mean = (of: (group: GroupResult) => number) =>
    groups.reduce((sum, group) => sum + of(group), 0) / groups.length;
  const slo = (of: (group: GroupResult) => Totals) => 100 * mean((group) => of(group).slo);
  const router = ({ fresh }: GroupResult) => totals(fresh, "router");
  const bestStatic = (group: GroupResult) =>
    staticPolicies.map((policy) => totals(group.fresh, policy)).toSorted((a, b) => b.utility - a.utility)[0] ??
    router(group);
  const bestLearner = (group: GroupResult) =>
    (["LinUCB", "epsilon-greedy", "Thompson"] as const)
      .map((policy) => totals(group.fresh, policy))
      .toSorted((a, b) => b.utility - a.utility)[0] ?? router(group);
  const gap = (of: (group: GroupResult) => Totals, to: (group: GroupResult) => number) =>
    100 *
    mean((group) => {
      const floor = totals(group.fresh, "random").utility;
      return (of(group).utility - floor) / (to(group) - floor);
    });
  const greedy = ({ fresh }: GroupResult) => totals(fresh, "oracle").utility;
  const bound = (group: GroupResult) => group.bound.utility;
  const goal = (text: string) => (feasible ? { goal: text } : {});
  const stale = (group: GroupResult) => totals(group.stale, "router");
  return [
    result(`${name}: in time (baseline: best static policy)`, slo(router), "%", {
      ...goal(">= 99"),
      baseline: slo(bestStatic),
    }),
    result(`${name}: gap random to greedy oracle (baseline: best static policy)`, gap(router, greedy), "%", {
      goal: ">= 90",
      baseline: gap(bestStatic, greedy),
    }),
    result(`${name}: gap random to offline bound (baseline: best black-box learner)`, gap(router, bound), "%", {
      baseline: gap(bestLearner, bound),
    }),
    result(
      `${name}: cost over the greedy oracle's (baseline: best static policy)`,
      mean((group) => router(group).usdPerThousand / totals(group.fresh, "oracle").usdPerThousand),
      "x",
      {
        ...goal("<= 1.15"),
        baseline: mean((group) => bestStatic(group).usdPerThousand / totals(group.fresh, "oracle").usdPerThousand),
      },
    ),
    result(`${name}: in time, reports 500 ms old, 4 gateways (baseline: static profile)`, slo(stale), "%", {
      ...goal(">= 96"),
      baseline: slo((group) => totals(group.stale, "static profile")),
    }),
    result(`${name}: the same, gap random to greedy oracle`, gap(stale, greedy), "%", {
      goal: ">= 85",
      baseline: gap((group) => totals(group.stale, "static profile"), greedy),
    }),
    result(
      `${name}: the same, replies carry the queue: in time`,
      slo((group) => group.staleWithReplies),
      "%",
    ),
    ...(name === "overload" ? rowsOfOverload(groups, mean) : []),
    ...(name === "storm" ? rowsOfStorm(groups) : []),
  ];
}

function rowsOfOverload(
  groups: readonly GroupResult[],
  mean: (of: (group: GroupResult) => number) => number,
): readonly BenchResult[] {
  const over = (name: PolicyName, to: (group: GroupResult) => number) =>
    mean((group) => totals(group.fresh, name).slo / to(group));
  const patient = ({ fresh }: GroupResult) => totals(fresh, "patient oracle").slo;
  return [
    result(
      "overload: goodput over the greedy oracle's",
      over("router", ({ fresh }) => totals(fresh, "oracle").slo),
      "x",
      {
        goal: ">= 0.9",
      },
    ),
    result("overload: goodput over the patient oracle's (baseline: fixed model)", over("router", patient), "x", {
      goal: ">= 0.9",
      baseline: over("shortest queue", patient),
    }),
    result(
      "overload: goodput over the offline bound's",
      over("router", ({ bound }) => bound.slo),
      "x",
      {
        baseline: over("patient oracle", ({ bound }) => bound.slo),
      },
    ),
  ];
}

const POOL_DIES_MS = 5 * 60_000;

function rowsOfStorm(groups: readonly GroupResult[]): readonly BenchResult[] {
  const slowest = (of: (group: GroupResult) => Totals) =>
    Math.max(...groups.map((group) => recoveryMs(of(group).buckets, POOL_DIES_MS))) / 1000;
  return [
    result(
      "storm: a pool dies: back at 95 % within, worst",
      slowest(({ fresh }) => totals(fresh, "router")),
      "s",
      {
        goal: "<= 10",
      },
    ),
    result(
      "storm: the same, reports 500 ms old, 4 gateways",
      slowest(({ stale }) => totals(stale, "router")),
      "s",
      {
        goal: "<= 10",
      },
    ),
  ];
}

/** Mean over all scenarios: the answers in time, beside what the router has. */
function rowOfPolicy(policy: PolicyName, groups: readonly GroupResult[]): BenchResult {
  const mean = (name: PolicyName) =>
    (100 * groups.reduce((sum, { fresh }) => sum + totals(fresh, name).slo, 0)) / groups.length;
  return result(`all scenarios, ${policy}: in time (baseline: router)`, mean(policy), "%", {
    baseline: mean("router"),
  });
}

/** What else an answer of the router's takes and gives, mean over all scenarios, beside the patient oracle's. */
function rowsOfRouter(groups: readonly GroupResult[]): readonly BenchResult[] {
  const row = (what: string, unit: string, of: (totals: Totals) => number) => {
    const mean = (name: PolicyName) =>
      groups.reduce((sum, { fresh }) => sum + of(totals(fresh, name)), 0) / groups.length;
    return result(`all scenarios: ${what} (baseline: patient oracle)`, mean("router"), unit, {
      baseline: mean("patient oracle"),
    });
  };
  return [
    row("accuracy of answers in time", "%", ({ accuracy }) => 100 * accuracy),
    row("cost of a thousand requests", "USD", ({ usdPerThousand }) => usdPerThousand),
    row("energy of a thousand requests", "J", ({ joulesPerThousand }) => joulesPerThousand),
    row("CO2 of a thousand requests", "g", ({ gramsPerThousand }) => gramsPerThousand),
    row("refused at once", "%", ({ refused }) => 100 * refused),
    row("used to learn", "%", ({ explored }) => 100 * explored),
    row("of these late or failed", "%", ({ exploredLate }) => 100 * exploredLate),
    row("fairness among tenants (Jain)", "", ({ fairness }) => fairness),
  ];
}

function totals(of: Readonly<Partial<Record<PolicyName, Totals>>>, name: PolicyName): Totals {
  const found = of[name];
  if (found === undefined) throw new RangeError(`"${name}" was not played`);
  return found;
}
