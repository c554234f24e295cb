import type { Tensor } from "@stargate/kernel";
import { describe, expect, test } from "vitest";
import { live } from "../test/load-model.ts";
import { loadIn, openOnnxHost } from "../test/open-onnx-host.ts";
import { identityBytes, longBytes, squareBytes } from "../test/tiny-models.ts";

const floats = (...values: number[]): Tensor => ({
  dtype: "float32",
  shape: [values.length],
  data: Float32Array.from(values),
});

/** Takes longer the more multiplications a model has: about 16 ms each. */
const matrix = (): Tensor => ({ dtype: "float32", shape: [1024, 1024], data: new Float32Array(2 ** 20) });

const values: readonly Tensor[] = [
  floats(1.5, -2),
  { dtype: "float64", shape: [1], data: Float64Array.of(1e300) },
  { dtype: "float16", shape: [2], data: Uint16Array.of(0x3c00, 0xc100) },
  { dtype: "int8", shape: [2], data: Int8Array.of(-128, 127) },
  { dtype: "uint8", shape: [2], data: Uint8Array.of(0, 255) },
  { dtype: "int32", shape: [1], data: Int32Array.of(-7) },
  { dtype: "int64", shape: [2], data: BigInt64Array.of(-1n, 2n ** 62n) },
  { dtype: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) },
  { dtype: "string", shape: [3], data: ["", "grün", "\u{1f600}"] },
];

describe.each(["process", "thread"] as const)("ONNX models in a %s", (isolation) => {
  test("tensors of every type come and go", async () => {
    const host = await openOnnxHost({ isolation });
    for (const x of values) {
      const model = await loadIn(host, identityBytes(x.dtype));
      expect(model).toMatchObject({ device: "cpu", deviceKind: "cpu", signature: { inputs: [{ dtype: x.dtype }] } });
      const { outputs } = await model.run({ x: structuredClone(x) }, { signal: live });
      expect(outputs).toEqual({ y: x });
      await model.unload();
    }
  });

  test("64 MB come and go", async () => {
    const model = await loadIn(await openOnnxHost({ isolation }), squareBytes());
    const x: Tensor = { dtype: "float32", shape: [2 ** 24], data: new Float32Array(2 ** 24).fill(3) };
    const { outputs } = await model.run({ x }, { signal: live });
    const y = outputs["y"]?.data as Float32Array;
    expect([y.length, y[0], y[2 ** 24 - 1]]).toEqual([2 ** 24, 9, 9]);
  });

  test("refusals arrive with their codes", async () => {
    const host = await openOnnxHost({ isolation });
    await expect(loadIn(host, Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: "SG_COMPUTE_MODEL" });
    const model = await loadIn(host, squareBytes());
    await expect(model.run({ z: floats(1) }, { signal: live })).rejects.toMatchObject({
      code: "SG_COMPUTE_INPUT",
      message: 'Model "m" has no input "z"; its inputs are x',
    });
  });

  test("who gives up does not wait for the engine, and closing does", async () => {
    const host = await openOnnxHost({ isolation });
    const [long, quick] = [await loadIn(host, longBytes(40)), await loadIn(host, squareBytes())];
    const abort = new AbortController();
    const first = quick.run({ x: floats(2) }, { signal: live });
    const given = long.run({ x: matrix() }, { signal: abort.signal });
    const next = quick.run({ x: floats(4) }, { signal: live });
    let isNextDone = false;
    void next.then(() => (isNextDone = true));
    await first;
    abort.abort();
    await expect(given).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    const wasNextDone = isNextDone;
    expect((await next).outputs).toEqual({ y: floats(16) });
    expect(wasNextDone).toBe(false);
    await host.close();
  });
});

describe("a process with a run in the engine", () => {
  test.for(["SIGKILL", "SIGSTOP"] as const)("that gets %s is lost, and the caller hears of it", async (signal) => {
    const host = await openOnnxHost();
    const model = await loadIn(host, longBytes(4000));
    const run = model.run({ x: matrix() }, { signal: live });
    run.catch(() => undefined);
    process.kill(host.processId ?? 0, signal);
    const reason = signal === "SIGKILL" ? "killed" : "hung";
    expect(await host.lost).toMatchObject({ details: { reason } });
    await expect(run).rejects.toMatchObject({ code: "SG_COMPUTE_HOST_LOST", details: { reason } });
  });

  test("is ended by force at once", async () => {
    const host = await openOnnxHost();
    const model = await loadIn(host, longBytes(4000));
    const run = model.run({ x: matrix() }, { signal: live });
    const [outcome] = await Promise.allSettled([run, host.close({ force: true })]);
    expect(outcome).toMatchObject({ status: "rejected", reason: { details: { reason: "closed" } } });
  });
});
