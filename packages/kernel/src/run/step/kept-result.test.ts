import { describe, expect, it } from "vitest";
import type { ComputePlane, ModelUse } from "../../contract/compute-plane.ts";
import type { ResultCache, StepResult } from "../../contract/result-cache.ts";
import { defineTransform } from "../../define/define-transform.ts";
import { fail } from "../../errors/catalog.ts";
import { number } from "../../testing/numbers-adapter.ts";
import { createRunKit, stack, step } from "../../testing/run-kit.ts";

const base = { version: "1.0.0", summary: "For a test", cost: () => ({ ms: 100 }) } as const;

/** Keeps everything, and says what it was asked. */
function keepAll(): ResultCache & { readonly kept: Map<string, StepResult> } {
  const kept = new Map<string, StepResult>();
  return {
    kept,
    worthMs: 10,
    get: async (tenant, key) => kept.get(`${tenant} ${key}`),
    put: (tenant, key, result) => void kept.set(`${tenant} ${key}`, result),
  };
}

const use: ModelUse = {
  model: "m",
  variant: "fp32",
  digest: "sha256:1",
  backend: "b",
  device: "cpu",
  deviceKind: "cpu",
  pool: "cpu",
  attempts: 1,
  hedged: false,
  batchItems: 1,
  queueMs: 0,
  runMs: 1,
};

/** A pipeline of one step that counts how often it really runs. */
function counted(overrides: object = {}, host: object = {}) {
  let runs = 0;
  const results = keepAll();
  const transform = defineTransform({
    ...base,
    id: "kit.half",
    from: stack,
    to: number,
    coverage: "reported",
    run(input, context) {
      runs += 1;
      context.coverage({ done: input.pages - 1, of: input.pages, missing: [{ what: "page 1", reason: "blank" }] });
      context.issue({ code: "KIT_ODD", message: "odd" });
      context.disclose({ engine: "pencil" });
      return input.pages / 2;
    },
    ...overrides,
  });
  const kit = createRunKit([transform], { results, ...host });
  const graph = kit.pipeline({ s: "stack" }, [step("half", "kit.half", "s")]);
  const run = (pages: number, request = {}) => kit.run(graph, { s: { pages, label: "x" } }, request);
  return { run, results, runs: () => runs };
}

describe("a result that was kept", () => {
  it("answers the same input without running the step, and reports all that the step reported", async () => {
    const { run, runs } = counted();
    const first = await run(4);
    const second = await run(4);
    expect(runs()).toBe(1);
    expect(second.payload.value).toBe(2);
    const [one, two] = [first.receipt.steps[0], second.receipt.steps[0]];
    expect([one?.cached, two?.cached]).toEqual([0, 1]);
    expect(two?.attempts).toBe(0);
    expect(two?.coverage).toEqual(one?.coverage);
    expect(two?.facts).toEqual({ engine: "pencil" });
    expect(second.receipt.issues).toEqual(first.receipt.issues);
  });

  it("is not given for another input, to another tenant, or of another version", async () => {
    const { run, runs } = counted();
    await run(4);
    await run(6);
    await run(4, { tenant: "other" });
    expect(runs()).toBe(3);
  });

  it("is not used where the policy says in which place it must run", async () => {
    const { run, runs } = counted();
    await run(4);
    await run(4, { policy: { compute: { pool: "cpu" } } });
    await run(4, { policy: { residency: ["eu"] } });
    expect(runs()).toBe(3);
  });

  it.for([
    ["throws dice", { deterministic: false }],
    ["reaches for the network", { network: true }],
    ["costs less than looking it up", { cost: () => ({ ms: 1 }) }],
  ] as const)("is never one of a step that %s", async ([, overrides]) => {
    const { run, runs, results } = counted(overrides);
    await run(4);
    await run(4);
    expect([runs(), results.kept.size]).toEqual([2, 0]);
  });

  it("is never a failure, nor a degraded one", async () => {
    const failing = counted({
      run: () => Promise.reject(fail("SG_COMPUTE_HOST_LOST", "lost")),
    });
    await expect(failing.run(4)).rejects.toMatchObject({ code: "SG_COMPUTE_HOST_LOST" });
    expect(failing.results.kept.size).toBe(0);
    const degraded = counted({
      coverage: "whole",
      run: (input: { pages: number }, context: { degrade(note: object): void }) => {
        context.degrade({ what: "half the pixels", reason: "in a hurry" });
        return input.pages;
      },
    });
    await degraded.run(4);
    expect(degraded.results.kept.size).toBe(0);
  });

  it("is good only while its models are the same", async () => {
    let digest = "sha256:1";
    const compute: ComputePlane = {
      run: async () => ({ outputs: {}, use: { ...use, digest } }),
      assets: async () => ({}),
      digest: async () => digest,
    };
    let runs = 0;
    const { run } = counted(
      {
        coverage: "whole",
        async run(
          input: { pages: number },
          context: { compute: { run(model: string, inputs: object): Promise<object> } },
        ) {
          runs += 1;
          await context.compute.run("m", {});
          return input.pages;
        },
      },
      { compute },
    );
    await run(4);
    const { receipt } = await run(4);
    expect([runs, receipt.steps[0]?.cached]).toEqual([1, 1]);
    digest = "sha256:2";
    await run(4);
    expect(runs).toBe(2);
  });
});

describe("a step after a kept one", () => {
  it("is found by what the first was made from, and its value is never hashed", async () => {
    let runs = 0;
    const count = { ...base, from: number, to: number, run: (n: number) => ((runs += 1), n + 1) };
    const first = defineTransform({ ...count, id: "kit.first" });
    const second = defineTransform({ ...count, id: "kit.second" });
    const kit = createRunKit([first, second], { results: keepAll() });
    const graph = kit.pipeline({ n: "number" }, [step("a", "kit.first", "n"), step("b", "kit.second", "a")]);
    await kit.run(graph, { n: 1 });
    const { payload, receipt } = await kit.run(graph, { n: 1 });
    expect([runs, payload.value]).toEqual([2, 3]);
    expect(receipt.steps.map(({ cached }) => cached)).toEqual([1, 1]);
    expect(receipt.output.digest).toBeUndefined();
  });
});
