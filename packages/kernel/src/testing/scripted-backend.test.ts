import { describe, expect, test } from "vitest";
import type { ComputeBackend, LoadedModel, ModelSource, TensorMap } from "../contract/compute-backend.ts";
import { backendChecks, type BackendSubject } from "./conformance/backend-checks.ts";
import { runChecks } from "./conformance/check.ts";
import { describeBackend } from "./describe-backend.ts";
import { createScriptedBackend, type ScriptedModel } from "./scripted-backend.ts";

const vector = (name: string) => [{ name, dtype: "float32" as const, shape: ["n"] }];
const double: ScriptedModel = {
  signature: { inputs: vector("x"), outputs: vector("y") },
  compute: ({ x }) => ({ y: { ...x!, data: (x!.data as Float32Array).map((value) => 2 * value) } }),
};
const source: ModelSource = { id: "double", format: "scripted", files: {} };
const tensors = (...values: number[]): TensorMap => ({
  x: { dtype: "float32", shape: [values.length], data: Float32Array.of(...values) },
});
const devices = [
  { id: "cpu", kind: "cpu", available: true },
  { id: "cuda:0", kind: "cuda", available: false, reason: "no driver" },
] as const;

const subject: BackendSubject = {
  create: () => createScriptedBackend({ models: { double }, devices }),
  source,
  inputs: () => tensors(1, 2, 3),
  otherInputs: () => tensors(4, 5, 6),
  outputs: { y: { dtype: "float32", shape: [3], data: Float32Array.of(2, 4, 6) } },
  damaged: { ...source, id: "damaged" },
};

describeBackend("the scripted backend", subject);

/** The sound backend with its loaded models altered. */
const altered = (
  alter: (model: LoadedModel) => Partial<LoadedModel>,
  backend: Partial<ComputeBackend> = {},
): BackendSubject => ({
  ...subject,
  create: () => {
    const sound = createScriptedBackend({ models: { double }, devices });
    return {
      ...sound,
      load: async (...args) => {
        const model = await sound.load(...args);
        return { ...model, ...alter(model) };
      },
      ...backend,
    };
  },
});

const broken: readonly { name: string; caughtBy: string; subject: BackendSubject }[] = [
  {
    name: "answers the same whatever it is asked",
    caughtBy: "depends-on-input",
    subject: altered((model) => ({
      run: async (inputs, options) => {
        await model.run(inputs, options);
        return subject.outputs;
      },
    })),
  },
  {
    name: "is off by a little",
    caughtBy: "computes",
    subject: altered((model) => ({
      run: async (inputs, options) => {
        const { y } = await model.run(inputs, options);
        return { y: { ...y!, data: (y!.data as Float32Array).map((value) => value + 0.01) } };
      },
    })),
  },
  {
    name: "falls back to the CPU in silence",
    caughtBy: "unknown-device",
    subject: altered(() => ({}), {
      load: (from, options) =>
        createScriptedBackend({ models: { double }, devices }).load(from, { signal: options.signal }),
    }),
  },
  {
    name: "claims a device that is not there",
    caughtBy: "device-is-probed",
    subject: altered(() => ({ device: "cuda:0" })),
  },
  {
    name: "hands out one buffer again and again",
    caughtBy: "outputs-own-memory",
    subject: (() => {
      const shared = new Float32Array(3);
      return altered((model) => ({
        run: async (inputs, options) => {
          const { y } = await model.run(inputs, options);
          shared.set(y!.data as Float32Array);
          return { y: { ...y!, data: shared } };
        },
      }));
    })(),
  },
  {
    name: "scribbles on its inputs",
    caughtBy: "inputs-untouched",
    subject: altered((model) => ({
      run: async (inputs, options) => {
        const outputs = await model.run(inputs, options);
        (inputs["x"]!.data as Float32Array).fill(0);
        return outputs;
      },
    })),
  },
  {
    name: "runs after it was unloaded",
    caughtBy: "run-after-unload",
    subject: altered((model) => ({ unload: async () => undefined, run: model.run })),
  },
];

describe("the conformance suite of backends", () => {
  test.for(broken)("catches a backend that $name", async ({ caughtBy, subject: defect }) => {
    const failures = await runChecks(backendChecks, defect);
    expect(failures.map(({ id }) => id)).toContain(caughtBy);
  });

  test("has at least twenty-five checks, each with its own id", () => {
    expect(new Set(backendChecks.map(({ id }) => id)).size).toBeGreaterThanOrEqual(25);
    expect(new Set(backendChecks.map(({ id }) => id)).size).toBe(backendChecks.length);
  });
});

test("a scripted backend fails and hangs when its script says so", async () => {
  const backend = createScriptedBackend({
    models: { double },
    script: [{ kind: "fail", error: new RangeError("out of memory") }, { kind: "hang" }, { kind: "answer" }],
  });
  const live = new AbortController().signal;
  const model = await backend.load(source, { signal: live });
  await expect(model.run(tensors(1), { signal: live })).rejects.toThrow("out of memory");
  const abort = new AbortController();
  const hanging = model.run(tensors(1), { signal: abort.signal });
  abort.abort();
  await expect(hanging).rejects.toThrow(/abort/);
  expect((await model.run(tensors(1), { signal: live }))["y"]?.data).toEqual(Float32Array.of(2));
  expect(backend.calls).toHaveLength(3);
});
