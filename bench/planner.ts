import { createPlanner, createRegistry, defineAdapter, defineModality, defineTransform } from "@stargate/kernel";
import { z } from "zod";
import { result, type BenchResult } from "./support/result.ts";
import { quantile } from "./support/statistics.ts";

const transformCount = 500;
const modalityCount = 60;
const plans = 2000;

/** How long a plan takes to find among many transforms: random graphs, every modality to every other. */
export function measurePlanner(): readonly BenchResult[] {
  const random = multiplicative(7);
  const modalities = Array.from({ length: modalityCount }, (_, index) =>
    defineModality({
      id: `m${index}`,
      summary: "A modality of the bench",
      schema: z.unknown(),
      measure: "none",
      codecs: {},
    }),
  );
  const pick = () => modalities[Math.floor(random() * modalityCount)] ?? z.never().parse(undefined);
  const transforms = Array.from({ length: transformCount }, (_, index) => {
    const ms = 1 + random() * 100;
    const weight = random();
    return defineTransform({
      id: `bench.t${index}`,
      version: "1.0.0",
      summary: "A step of the bench",
      from: pick(),
      to: pick(),
      cost: () => ({ ms }),
      loss: { detail: weight },
      run: (input) => input,
    });
  });
  const planner = createPlanner(
    createRegistry([
      defineAdapter({ spec: 1, id: "bench", version: "1.0.0", summary: "Random steps", modalities, transforms }),
    ]),
  );
  const milliseconds: number[] = [];
  for (let index = -200; index < plans; index++) {
    const [from, to] = [pick().id, pick().id];
    if (planner.distance(from, to) === undefined) continue;
    const start = performance.now();
    planner.plan({ from: { modality: from, descriptor: {} }, to });
    if (index >= 0) milliseconds.push(performance.now() - start);
  }
  return [
    result(`a plan among ${transformCount} transforms, p99`, quantile(milliseconds, 0.99), "ms", { goal: "<= 5" }),
    result(`a plan among ${transformCount} transforms, p50`, quantile(milliseconds, 0.5), "ms"),
  ];
}

/** A small seeded generator (Park and Miller), so that every run plans the same. */
function multiplicative(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
