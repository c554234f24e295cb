import { describe, expect, it } from "vitest";
import type { Policy } from "../contract/policy.ts";
import type { Port } from "../contract/modality.ts";
import type { AnyTransform } from "../contract/transform.ts";
import { isStargateError } from "../errors/stargate-error.ts";
import { compileGraph } from "../graph/compile.ts";
import { portText } from "../graph/port-text.ts";
import type { Registry } from "../registry/registry.ts";
import { explain } from "./explain.ts";
import type { Plan, PlanRequest } from "./plan.ts";
import { createPlanner } from "./planner.ts";
import { kinds, randomFrom, randomRegistry } from "./random-registry.fixture.ts";

const GRAPHS = 10_000;
const seed = Number(process.env["STARGATE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

interface NaiveEdge {
  readonly from: string;
  readonly to: string;
  readonly key: string;
  readonly ms: number;
  readonly score: number;
}

interface NaivePath {
  readonly score: number;
  readonly ms: number;
  readonly keys: readonly string[];
}

/** Straight from the rules, without sharing code with the planner. */
function naiveEdges(
  registry: Registry,
  source: string,
  { policy = {}, exclude = [], from }: PlanRequest,
): readonly NaiveEdge[] {
  const name = (port: Port): string => (port.kind === "many" ? `many(${port.item.id})` : port.id);
  const weights = policy.objective ?? { latency: 1, cost: 1, quality: 10 };
  return registry.transforms.flatMap((transform: AnyTransform): readonly NaiveEdge[] => {
    if (!transform.plannable || transform.network || exclude.includes(transform.id)) return [];
    if ((policy.keep ?? []).some((kind) => (transform.loss[kind] ?? 0) > 0)) return [];
    const portIn = transform.from as Port;
    const cost = transform.cost({});
    const lost = Object.values(transform.loss).reduce(
      (sum, weight) => sum + weight,
      1 - (transform.ladder[0]?.quality ?? 1),
    );
    const price = (items: number): number =>
      ((weights.latency ?? 0) * (cost.ms * items)) / 1000 +
      ((weights.cost ?? 0) * ((cost.usd ?? 0) * items)) / 0.01 +
      ((weights.energy ?? 0) * ((cost.joules ?? 0) * items)) / 100 +
      (weights.quality ?? 0) * lost;
    const edge = (items: number, wrap: (id: string) => string): NaiveEdge => ({
      from: wrap(name(portIn)),
      to: wrap(name(transform.to)),
      key: `${transform.id}${items > 1 ? " lifted" : ""}`,
      ms: cost.ms * items,
      score: price(items),
    });
    const single = edge(1, (id) => id);
    const refused = transform.restrictions.some(
      ({ kind, when }) => when(from.descriptor ?? {}, {}) && (kind === "hard" || policy.degrade === "never"),
    );
    const direct = refused && single.from === source ? [] : [single];
    const liftable = portIn.kind === "modality" && transform.to.kind === "modality";
    return liftable ? [...direct, edge(8, (id) => `many(${id})`)] : direct;
  });
}

/** Looks at every way that visits no port twice. */
function bruteForce(
  edges: readonly NaiveEdge[],
  source: string,
  goal: string,
  deadlineMs: number,
): NaivePath | undefined {
  let best: NaivePath | undefined;
  const visit = (port: string, path: NaivePath, seen: ReadonlySet<string>): void => {
    if (port === goal) {
      if (path.ms <= deadlineMs && (best === undefined || before(path, best))) best = path;
      return;
    }
    for (const edge of edges) {
      if (edge.from !== port || seen.has(edge.to)) continue;
      visit(
        edge.to,
        { score: path.score + edge.score, ms: path.ms + edge.ms, keys: [...path.keys, edge.key] },
        new Set([...seen, edge.to]),
      );
    }
  };
  visit(source, { score: 0, ms: 0, keys: [] }, new Set([source]));
  return best;
}

function before(a: NaivePath, b: NaivePath): boolean {
  if (a.score !== b.score) return a.score < b.score;
  if (a.keys.length !== b.keys.length) return a.keys.length < b.keys.length;
  for (const [position, key] of a.keys.entries()) {
    const other = b.keys[position] ?? "";
    if (key !== other) return key < other;
  }
  return false;
}

function randomRequest(random: () => number, modalityCount: number): PlanRequest {
  const maybe = <T>(value: T): T | undefined => (random() < 0.3 ? value : undefined);
  const name = (): string => `kind-${Math.floor(random() * modalityCount)}`;
  const objectives = [{ latency: 1 }, { cost: 1, latency: 0.1 }, { quality: 1 }, { energy: 2, quality: 1 }] as const;
  const policy: Policy = {
    keep: maybe([kinds[Math.floor(random() * kinds.length)] ?? "layout"]),
    deadlineMs: random() < 0.5 ? 20 + Math.floor(random() * 400) : undefined,
    degrade: maybe("never" as const),
    objective: maybe(objectives[Math.floor(random() * objectives.length)]),
  };
  return {
    from: { modality: name(), many: random() < 0.2, descriptor: { pages: Math.floor(random() * 4) } },
    to: random() < 0.2 ? `many(${name()})` : name(),
    policy,
    exclude: maybe(["random.t0"]),
  };
}

function planOrUndefined(registry: Registry, request: PlanRequest): Plan | undefined {
  try {
    return createPlanner(registry, { airGapped: true }).plan(request);
  } catch (error) {
    if (isStargateError(error) && error.code === "SG_PLAN_NO_PATH") return undefined;
    throw error;
  }
}

describe("planner", () => {
  it(
    `finds what brute force finds on ${GRAPHS} random transform graphs (STARGATE_SEED=${seed})`,
    { timeout: 120_000 },
    () => {
      const random = randomFrom(seed);
      let found = 0;
      let refused = 0;
      for (let run = 0; run < GRAPHS; run++) {
        const modalityCount = 3 + Math.floor(random() * 4);
        const registry = randomRegistry(random, 1 + Math.floor(random() * 16), modalityCount);
        const request = randomRequest(random, modalityCount);
        const source = request.from.many === true ? `many(${request.from.modality})` : request.from.modality;
        const edges = naiveEdges(registry, source, request);
        const deadlineMs = request.policy?.deadlineMs ?? Infinity;
        const goals = request.to.startsWith("many(") ? [request.to] : [request.to, `many(${request.to})`];
        const expected = goals
          .map((goal) => bruteForce(edges, source, goal, deadlineMs))
          .find((path) => path !== undefined);
        const plan = planOrUndefined(registry, request);
        const keys = plan?.steps.map(({ transform, lifted }) => `${transform.id}${lifted ? " lifted" : ""}`);
        expect({ run, keys }).toEqual({ run, keys: expected?.keys });
        const output = plan === undefined ? undefined : compileGraph(plan.graph, registry).outputPort;
        expect(output === undefined ? undefined : portText(output)).toBe(
          plan === undefined ? undefined : (plan.steps.at(-1)?.to ?? source),
        );
        if (plan === undefined) refused += 1;
        else found += 1;
        const { chosen, rejected } = explain(registry, request, { airGapped: true });
        const named = [...(chosen?.steps.map(({ uses }) => uses) ?? []), ...rejected.map(({ uses }) => uses)];
        expect([...new Set(named)].sort()).toEqual(registry.transforms.map(({ id }) => `${id}@1.0.0`).sort());
        expect(new Set(rejected.map(({ uses }) => uses)).size).toBe(rejected.length);
        expect(
          (chosen?.steps ?? []).filter(({ uses }) => rejected.some((candidate) => candidate.uses === uses)),
        ).toEqual([]);
      }
      // The graphs must not all be trivial in the same way.
      expect(found).toBeGreaterThan(GRAPHS / 10);
      expect(refused).toBeGreaterThan(GRAPHS / 10);
    },
  );
});
