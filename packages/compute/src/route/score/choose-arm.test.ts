import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseArm, NO_ARM, TOO_CROWDED, TOO_LATE } from "./choose-arm.ts";
import { column, DecisionTable } from "./decision-table.ts";
import { scoreArms } from "./score-arms.ts";
import type { Terms } from "./terms.ts";

const terms: Terms = {
  remainingMs: 200,
  weights: { latency: 0.25, cost: 0.25, energy: 0, quality: 0.5 },
  scales: { usd: 0.001, joules: 1, latencyMs: 200 },
  deadlineValue: 4,
  admission: 0.2,
  yields: true,
  exploration: 0.02,
  temperature: 0.012,
};

type Numbers = Partial<Record<keyof typeof column, number>>;

const usual: Numbers = {
  serviceLogMean: Math.log(20),
  serviceLogVariance: 0.1,
  serviceLogIgnorance: 0.01,
  failureProbability: 0.01,
  quality: 0.9,
  qualityDeviation: 0.01,
};

function tableOf(...arms: readonly (Numbers | "refused")[]): DecisionTable {
  const table = new DecisionTable(arms.length);
  for (const [index, numbers] of arms.entries()) {
    table.refusals.push(numbers === "refused" ? "breaker" : undefined);
    const all = { ...usual, ...(numbers === "refused" ? {} : numbers) };
    for (const [name, value] of Object.entries(all)) table.set(index, column[name as keyof typeof column], value); // its own keys
  }
  return table;
}

function choose(table: DecisionTable, draw = 0.5, more: Partial<Terms> = {}) {
  const all = { ...terms, ...more };
  scoreArms(all, table);
  return chooseArm(all, table, draw);
}

const propensities = (table: DecisionTable) =>
  Array.from({ length: table.arms }, (_, arm) => table.get(arm, column.propensity));

describe("the numbers of an arm", () => {
  test("have a place each", () => {
    const places = Object.values(column);
    expect(new Set(places).size).toBe(places.length);
    expect(Math.max(...places)).toBe(places.length - 1);
  });
});

describe("a choice", () => {
  test("falls on the arm that is in time, not on the cheap one that is late", () => {
    const table = tableOf({ usd: 0.00001, serviceLogMean: Math.log(400) }, { usd: 0.0005 });
    expect(choose(table).arm).toBe(1);
  });

  test("falls on the better, cheaper, frugal or quicker one as the weights say", () => {
    const only = (name: keyof Terms["weights"]) => ({ latency: 0, cost: 0, energy: 0, quality: 0, [name]: 1 });
    const table = () =>
      tableOf(
        { quality: 1, usd: 0.0005, joules: 1, waitMs: 40, carbonFactor: 1 },
        { quality: 0.8, usd: 0.0001, joules: 1, waitMs: 40, carbonFactor: 1 },
        { quality: 0.8, usd: 0.0005, joules: 0.2, waitMs: 40, carbonFactor: 1 },
        { quality: 0.8, usd: 0.0005, joules: 1, waitMs: 0, carbonFactor: 1 },
      );
    const names = ["quality", "cost", "energy", "latency"] as const;
    expect(names.map((name) => choose(table(), 0.5, { weights: only(name), exploration: 0 }).arm)).toEqual([
      0, 1, 2, 3,
    ]);
  });

  test("counts carbon where it is known", () => {
    const weights = { latency: 0, cost: 0, energy: 1, quality: 0 };
    const table = tableOf({ joules: 0.5, carbonFactor: 2 }, { joules: 0.7, carbonFactor: 0.5 });
    expect(choose(table, 0.5, { weights, exploration: 0 }).arm).toBe(1);
  });

  test("is none when every arm is ruled out, would be late, or would cost those behind it more than it gives", () => {
    expect(choose(tableOf("refused", "refused")).arm).toBe(NO_ARM);
    expect(choose(tableOf({ waitMs: 5000 })).arm).toBe(TOO_LATE);
    expect(choose(tableOf({ slotPrice: 1 })).arm).toBe(TOO_CROWDED);
    expect(choose(tableOf({ slotPrice: 1 }), 0.5, { yields: false }).arm).toBe(0);
  });

  test("is not refused for ignorance, nor because everything fails", () => {
    expect(
      choose(tableOf({ serviceLogMean: Math.log(400), serviceLogVariance: 2.1, serviceLogIgnorance: 2 })).arm,
    ).toBe(0);
    expect(choose(tableOf({ failureProbability: 0.95 })).arm).toBe(0);
    expect(choose(tableOf({ coldMs: 2000, hopefulColdMs: 0 })).arm).toBe(0);
    expect(choose(tableOf({ coldMs: 2000, hopefulColdMs: 2000 })).arm).toBe(TOO_LATE);
  });

  test("is shared among equal arms", () => {
    const table = tableOf({}, {}, "refused", {});
    choose(table);
    for (const arm of [0, 1, 3]) expect(table.get(arm, column.propensity)).toBeCloseTo(1 / 3, 1);
    expect(table.get(2, column.propensity)).toBeCloseTo(0);
  });

  test("is curious about an arm nobody knows, as often as allowed and only with time to spare", () => {
    const unknown = { quality: 0.85, serviceLogIgnorance: 0.5, serviceLogVariance: 0.6, qualityDeviation: 0.1 };
    const table = tableOf({}, unknown);
    expect(choose(table, 0.01)).toEqual({ arm: 1, explored: true });
    expect(table.get(1, column.propensity)).toBeGreaterThanOrEqual(0.02);
    expect(choose(table, 0.03)).toEqual({ arm: 0, explored: false });
    expect(choose(tableOf({}, unknown), 0.01, { remainingMs: 50 }).explored).toBe(false);
    expect(choose(tableOf({}, unknown), 0.01, { exploration: 0 }).explored).toBe(false);
  });

  test("has exact propensities", () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const anyArm = fc.record({
      waitMs: number(0, 100),
      waitVariance: number(0, 1000),
      serviceLogMean: number(0, 5),
      serviceLogVariance: number(0.6, 1),
      serviceLogIgnorance: number(0, 0.5),
      failureProbability: number(0, 0.5),
      usd: number(0, 0.001),
      quality: number(0, 1),
      qualityDeviation: number(0, 0.2),
    });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anyArm, fc.constant("refused" as const)), { minLength: 1, maxLength: 8 }),
        (arms) => {
          const table = tableOf(...arms);
          const steps = 1000;
          const counts = arms.map(() => 0);
          let refused = 0;
          for (let step = 0; step < steps; step++) {
            const { arm } = choose(table, (step + 0.5) / steps);
            if (arm < 0) refused += 1;
            else counts[arm] = (counts[arm] ?? 0) + 1;
          }
          const sum = refused === steps ? 0 : 1;
          expect(refused % steps).toBe(0);
          if (sum === 0) return;
          expect(propensities(table).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
          // Even draws: every arm is drawn as often as its propensity says, give or take a step at each end.
          for (const [arm, count] of counts.entries())
            expect(Math.abs(count / steps - table.get(arm, column.propensity))).toBeLessThan(0.005);
        },
      ),
      { numRuns: 100, seed: 20_261_121 },
    );
  });
});
