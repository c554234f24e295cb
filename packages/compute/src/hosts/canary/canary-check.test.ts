import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, type ModelCanary, type Tensor, type TensorDtype, type TensorMap } from "@stargate/kernel";
import { expect, onTestFinished, test } from "vitest";
import { createMemoryLog, floats } from "../../../test/host-kit.ts";
import type { LocatedVariant } from "../../store/model-store.ts";
import type { HostedModel } from "../model-host.ts";
import { createCanaryCheck } from "./canary-check.ts";

type Compute = (x: Tensor, run: number) => TensorMap;

/** A loaded model with one input "x" of two by any number. */
function modelOf(compute: Compute, { dtype = "float32" as TensorDtype, deviceKind = "cpu" as const } = {}) {
  const sizes: number[] = [];
  const model: HostedModel = {
    signature: { inputs: [{ name: "x", dtype, shape: [2, "n"] }], outputs: [] },
    device: deviceKind,
    deviceKind,
    run: async ({ x }) => {
      sizes.push(x?.shape[1] ?? 0);
      return { outputs: compute(x as Tensor, sizes.length), runMs: 1 };
    },
    unload: () => Promise.resolve(),
  };
  return { model, sizes };
}

const located = (digest: string | null, canary?: ModelCanary) =>
  ({ spec: { id: "m", canary }, variant: { name: "fp32" }, paths: {}, digest }) as unknown as LocatedVariant; // what a canary looks at

const scaled =
  (factor: number): Compute =>
  (x) => ({ y: { ...x, data: Float32Array.from(x.data as Float32Array, (value) => value * factor) } });

async function checking() {
  const folder = await mkdtemp(join(tmpdir(), "canary-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const log = createMemoryLog();
  /** As after a restart of the gateway. */
  const open = (engine = "e 1") => createCanaryCheck({ folder, engine, log });
  return { folder, log, open };
}

const wrongResult = { code: "SG_COMPUTE_WRONG_RESULT", retryable: true };

test("the first answer counts: a host that answers otherwise computes wrongly, also after a restart", async () => {
  const { open } = await checking();
  const check = open();
  await check(modelOf(scaled(2)).model, located("d"));
  await check(modelOf(scaled(2.001)).model, located("d"));
  await expect(check(modelOf(scaled(2.1)).model, located("d"))).rejects.toMatchObject(wrongResult);
  await expect(open()(modelOf(scaled(2.1)).model, located("d"))).rejects.toMatchObject({
    message: expect.stringContaining('Model "m" computes wrongly on cpu: output "y" holds'),
    hint: expect.stringContaining("delete "),
  });
});

test("another model, engine or device kind has another answer", async () => {
  const { folder, open } = await checking();
  await open()(modelOf(scaled(1)).model, located("d"));
  await open()(modelOf(scaled(2)).model, located("other"));
  await open("e 2")(modelOf(scaled(3)).model, located("d"));
  await open()(modelOf(scaled(4), { deviceKind: "cuda" as "cpu" }).model, located("d"));
  expect(await readdir(folder)).toHaveLength(4);
});

test.for([
  ["a value that is no number", (x: Tensor) => ({ y: { ...x, data: new Float32Array(x.data.length).fill(NaN) } })],
  ["another shape", (x: Tensor) => ({ y: { ...x, shape: [x.data.length] } })],
  ["another dtype", (x: Tensor) => ({ y: { ...x, dtype: "float64" as const } })],
  ["no output", () => ({})],
  [
    "a failure",
    () => {
      throw fail("SG_COMPUTE_INPUT", "no such table");
    },
  ],
] as const)("%s is a wrong answer", async ([, compute]) => {
  const { open } = await checking();
  const check = open();
  await check(modelOf(scaled(1)).model, located("d"));
  await expect(check(modelOf(compute).model, located("d"))).rejects.toMatchObject(wrongResult);
});

test.for([
  ["int64", BigInt64Array.of(7n, 7n)],
  ["string", ["a", "b"]],
  ["bool", Uint8Array.of(2, 2)],
  ["float16", Uint16Array.of(0x4000, 0x4000)],
  ["bfloat16", Uint16Array.of(0x4000, 0x4000)],
] as const)("models of %s are asked, and wrong values seen", async ([dtype, data]) => {
  const { open } = await checking();
  const check = open();
  await check(modelOf((x) => ({ y: x }), { dtype }).model, located("d"));
  const wrong = modelOf((x) => ({ y: { ...x, data } }), { dtype });
  await expect(check(wrong.model, located("d"))).rejects.toMatchObject(wrongResult);
});

test("a model that refuses the smallest inputs is tried with larger ones", async () => {
  const { open } = await checking();
  const { model, sizes } = modelOf((x) => {
    if ((x.shape[1] ?? 0) < 8) throw fail("SG_COMPUTE_INPUT", "too small");
    return { y: x };
  });
  await open()(model, located("d"));
  expect(sizes).toEqual([1, 32, 32, 32]);
});

test("a model that answers differently each time, or refuses everything, has no canary", async () => {
  const { folder, log, open } = await checking();
  const check = open();
  await check(modelOf((x, run) => ({ y: { ...x, data: Float32Array.of(run, run) } })).model, located("a"));
  const refusing = modelOf(() => {
    throw fail("SG_COMPUTE_INPUT", "never");
  });
  await check(refusing.model, located("b"));
  await check(refusing.model, located("b"));
  expect(refusing.sizes).toEqual([1, 32]);
  expect(await readdir(folder)).toEqual([]);
  expect(log.lines.map(({ message }) => message)).toEqual(Array(2).fill(expect.stringContaining("has no canary")));
});

test("a host that is lost says nothing about the answer, and inputs that end hosts are not derived again", async () => {
  const { open } = await checking();
  const check = open();
  const dying = modelOf(() => {
    throw fail("SG_COMPUTE_HOST_LOST", "gone");
  });
  await expect(check(dying.model, located("d"))).rejects.toMatchObject({ code: "SG_COMPUTE_HOST_LOST" });
  await check(dying.model, located("d"));
  expect(dying.sizes).toHaveLength(1);
});

test("hosts that load a model at the same time agree on one answer", async () => {
  const { open } = await checking();
  const check = open();
  const outcomes = await Promise.allSettled(
    [1, 1, 2].map((factor) => check(modelOf(scaled(factor)).model, located("d"))),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
});

test("a damaged record is written anew", async () => {
  const { folder, open } = await checking();
  await open()(modelOf(scaled(1)).model, located("d"));
  const [file = ""] = await readdir(folder);
  await writeFile(join(folder, file), "{");
  await open()(modelOf(scaled(2)).model, located("d"));
  await expect(open()(modelOf(scaled(1)).model, located("d"))).rejects.toMatchObject(wrongResult);
});

test("what the author says counts more, and its inputs survive hosts that take them over", async () => {
  const { folder, open } = await checking();
  const check = open();
  const canary = { inputs: { x: floats(1, 2) }, outputs: { y: floats(3, 6) }, tolerance: 0.01 };
  const taking: Compute = (x) => {
    const outputs = scaled(3)(x, 1);
    structuredClone(x.data, { transfer: [(x.data as Float32Array<ArrayBuffer>).buffer] });
    return outputs;
  };
  for (let round = 0; round < 2; round++) await check(modelOf(taking).model, located("d", canary));
  await expect(check(modelOf(scaled(3.1)).model, located(null, canary))).rejects.toMatchObject(wrongResult);
  expect(await readdir(folder)).toEqual([]);
});

test("a model on somebody else's server is not asked unless its author gave a canary", async () => {
  const { open } = await checking();
  const { model, sizes } = modelOf(scaled(1));
  await open()(model, located(null));
  expect(sizes).toEqual([]);
});
