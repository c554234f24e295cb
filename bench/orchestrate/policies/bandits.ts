import type { Draws } from "../random.ts";
import { Outstanding } from "./outstanding.ts";
import type { Policy, PolicyCall } from "./policy.ts";

/** A black box that learns the utility of (kind of work, arm) end to end. */
interface Learner {
  choose(
    call: PolicyCall,
    allowed: readonly number[],
    seen: Outstanding,
  ): { readonly arm: number; readonly explored: boolean };
  learn(arm: string, features: readonly number[], utility: number): void;
  features(call: PolicyCall, arm: number, seen: Outstanding): readonly number[];
}

function bandit(learner: Learner): Policy {
  const seen = new Outstanding();
  const pending = new Map<string, { readonly key: string; readonly features: readonly number[] }>();
  return {
    choose(call) {
      const { arms, request } = call;
      const allowed = [...arms.keys()].filter(
        (index) => request.excludePools?.includes(arms[index]?.pool ?? "") !== true,
      );
      const { arm, explored } = learner.choose(call, allowed, seen);
      if (arm < 0) return { arm, ticket: "", explored };
      const ticket = seen.begin(arms[arm]?.pool ?? "");
      pending.set(ticket, { key: keyOf(call, arm), features: learner.features(call, arm, seen) });
      return { arm, ticket, explored };
    },
    end(ticket, { utility }) {
      seen.end(ticket);
      const one = pending.get(ticket);
      pending.delete(ticket);
      if (one !== undefined) learner.learn(one.key, one.features, utility);
    },
    report: (pool, telemetry) => seen.report(pool, telemetry),
    quality() {},
  };
}

function keyOf({ request, arms }: PolicyCall, arm: number): string {
  return `${request.bucket} ${arms[arm]?.id ?? ""}`;
}

function argmax(indexes: readonly number[], of: (index: number) => number): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (const index of indexes) {
    const value = of(index);
    if (value > most) [best, most] = [index, value];
  }
  return best;
}

/** Mean utility of late, one call in ten at random. */
export function epsilonGreedy(draws: Draws): Policy {
  const means = new Map<string, { mean: number; count: number }>();
  return bandit({
    choose(call, allowed) {
      if (allowed.length === 0) return { arm: -1, explored: false };
      if (draws.chance(0.1)) return { arm: draws.pick(allowed), explored: true };
      // What was never tried comes first.
      return { arm: argmax(allowed, (arm) => means.get(keyOf(call, arm))?.mean ?? 100), explored: false };
    },
    learn(key, _, utility) {
      const known = means.get(key) ?? { mean: 0, count: 0 };
      known.count = Math.min(100, known.count + 1);
      known.mean += (utility - known.mean) / known.count;
      means.set(key, known);
    },
    features: () => [],
  });
}

/** Thompson sampling of a Gaussian mean, of the last hundred calls in effect. */
export function plainThompson(draws: Draws): Policy {
  const known = new Map<string, { mean: number; square: number; count: number }>();
  return bandit({
    choose(call, allowed) {
      const arm = argmax(allowed, (index) => {
        const { mean, square, count } = known.get(keyOf(call, index)) ?? { mean: 2, square: 8, count: 1 };
        return mean + draws.normal() * Math.sqrt((Math.max(0, square - mean * mean) + 0.05) / count);
      });
      return { arm, explored: false };
    },
    learn(key, _, utility) {
      const one = known.get(key) ?? { mean: 2, square: 8, count: 1 };
      one.count = Math.min(100, one.count + 1);
      one.mean += (utility - one.mean) / one.count;
      one.square += (utility * utility - one.square) / one.count;
      known.set(key, one);
    },
    features: () => [],
  });
}

const DIMENSIONS = 5;
const WIDTH = 0.5;
const FORGET = 0.999;

/** LinUCB with one linear model per (kind, arm), with forgetting (Li, Chu, Langford and Schapire 2010). */
export function linearUpperConfidence(): Policy {
  // Inverse of the design matrix, and what it has seen of utility times features.
  const models = new Map<string, { inverse: number[]; sums: number[] }>();
  const modelOf = (key: string) => {
    let model = models.get(key);
    if (model === undefined) {
      const inverse = Array.from({ length: DIMENSIONS ** 2 }, (_, at) => (at % (DIMENSIONS + 1) === 0 ? 1 : 0));
      models.set(key, (model = { inverse, sums: Array.from({ length: DIMENSIONS }, () => 0) }));
    }
    return model;
  };
  const features = ({ request, arms }: PolicyCall, arm: number, seen: Outstanding) => {
    const pool = arms[arm]?.pool ?? "";
    return [
      1,
      Math.min(4, request.items),
      Math.min(4, seen.backlogMs(pool) / request.remainingMs),
      Math.min(4, seen.own(pool) / 20),
      Math.min(2, request.remainingMs / 1000),
    ];
  };
  return bandit({
    choose(call, allowed, seen) {
      const arm = argmax(allowed, (index) => {
        const { inverse, sums } = modelOf(keyOf(call, index));
        const x = features(call, index, seen);
        const projected = times(inverse, x);
        return dot(times(inverse, sums), x) + WIDTH * Math.sqrt(Math.max(0, dot(projected, x)));
      });
      return { arm, explored: false };
    },
    learn(key, x, utility) {
      const model = modelOf(key);
      // Sherman and Morrison 1950, on the faded matrix.
      const faded = model.inverse.map((value) => value / FORGET);
      const projected = times(faded, x);
      const scale = 1 + dot(projected, x);
      model.inverse = faded.map(
        (value, at) =>
          value - ((projected[Math.floor(at / DIMENSIONS)] ?? 0) * (projected[at % DIMENSIONS] ?? 0)) / scale,
      );
      model.sums = model.sums.map((value, at) => FORGET * value + utility * (x[at] ?? 0));
    },
    features,
  });
}

function times(matrix: readonly number[], vector: readonly number[]): number[] {
  return vector.map((_, row) =>
    vector.reduce((sum, value, at) => sum + (matrix[row * DIMENSIONS + at] ?? 0) * value, 0),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
