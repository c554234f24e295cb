import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ModelSource, TensorMap } from "@stargate/kernel";
import { describe, expect, test } from "vitest";
import { identityBytes, sourceOf, squareBytes } from "../test/tiny-models.ts";

const fixture = new URL("../test/backend-worker.fixture.ts", import.meta.url);

/** What the worker says, and the code it leaves with when it is done by itself. */
async function runInWorker(
  source: ModelSource,
  inputs: TensorMap,
  tensorFirst = false,
): Promise<{ said: unknown; exitCode: unknown }> {
  const worker = new Worker(fixture, {
    workerData: { source, inputs, tensorFirst },
    execArgv: ["--conditions=@stargate/source"],
  });
  const [[said], [exitCode]] = await Promise.all([once(worker, "message"), once(worker, "exit")]);
  return { said, exitCode };
}

const floats = (...values: number[]): TensorMap => ({
  x: { dtype: "float32", shape: [values.length], data: Float32Array.from(values) },
});
const halves: TensorMap = { x: { dtype: "float16", shape: [2], data: Uint16Array.of(0x3c00, 0xc100) } };

describe("in worker threads", () => {
  test("several backends run side by side and leave in peace", async () => {
    const source = sourceOf("square", squareBytes());
    const answers = await Promise.all([2, 3].map((value) => runInWorker(source, floats(value))));
    expect(answers.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(answers.map(({ said }) => said)).toMatchObject([
      { outputs: { y: { data: Float32Array.of(4) } } },
      { outputs: { y: { data: Float32Array.of(9) } } },
    ]);
  });

  test("the engine is loaded by the first model, not by the adapter", async () => {
    const { said } = await runInWorker(sourceOf("square", squareBytes()), floats(1));
    expect(said).toMatchObject({ loadedAtImport: false, loadedAfterwards: true });
  });

  test("float16 tensors keep their bits", async () => {
    const { said } = await runInWorker(sourceOf("halves", identityBytes("float16")), halves);
    expect(said).toMatchObject({ outputs: { y: { dtype: "float16", data: Uint16Array.of(0x3c00, 0xc100) } } });
  });

  test("float16 tensors are refused where the engine would misread them", async (context) => {
    context.skip(!("Float16Array" in globalThis), "this Node.js has no Float16Array, so the engine reads float16 well");
    const { said } = await runInWorker(sourceOf("halves", identityBytes("float16")), halves, true);
    expect(said).toEqual({ code: "SG_ONNX_FLOAT16" });
  });
});
