import { describe, expect, test } from "vitest";
import { compileGraph } from "../graph/compile.ts";
import type { GraphBody, GraphStep } from "../graph/graph.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { numbersAdapter } from "./numbers-adapter.ts";
import { randomGraph } from "./random-graph.ts";

const registry = createRegistry([numbersAdapter]);

function allSteps(body: GraphBody): readonly GraphStep[] {
  return body.steps.flatMap((step) => {
    const bodies =
      step.kind === "switch"
        ? [...step.cases.map((branch) => branch.body), step.otherwise]
        : "body" in step
          ? [step.body]
          : [];
    return [step, ...bodies.flatMap(allSteps)];
  });
}

describe("randomGraph", () => {
  test("every graph compiles, and compiling the normal form changes nothing", () => {
    for (let seed = 0; seed < 1000; seed++) {
      const { graph } = randomGraph(seed, { completionOrder: seed % 2 === 0, streamFanOut: seed % 3 !== 0 });
      const compiled = compileGraph(graph, registry);
      expect(compileGraph(compiled.graph, registry).planHash, `seed ${seed}`).toBe(compiled.planHash);
    }
  });

  test("the same seed gives the same graph and inputs", () => {
    expect(randomGraph(42)).toEqual(randomGraph(42));
    expect(randomGraph(42)).not.toEqual(randomGraph(43));
  });

  test("all kinds of steps, soft ones and every transform occur", () => {
    const steps = Array.from({ length: 300 }, (_, seed) => randomGraph(seed, { completionOrder: true }).graph).flatMap(
      allSteps,
    );
    expect(new Set(steps.map((step) => step.kind))).toEqual(
      new Set(["transform", "map", "switch", "loop", "window", "join", "pipeline"]),
    );
    expect(steps.some((step) => step.kind === "transform" && step.soft === true)).toBe(true);
    expect(steps.some((step) => step.kind === "map" && step.order === "completion")).toBe(true);
    const used = new Set(steps.flatMap((step) => (step.kind === "transform" ? [step.use] : [])));
    expect([...used].sort()).toEqual(numbersAdapter.transforms.map((transform) => transform.id).sort());
  });
});
