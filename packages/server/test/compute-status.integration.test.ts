import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import onnx from "@stargate/adapter-onnx";
import { computeSnapshotSchema } from "@stargate/compute";
import { defineAdapter } from "@stargate/kernel";
import { expect, test, type TestContext, vi } from "vitest";
import { sharedFile } from "../../../test/support/shared-files.ts";
import { startTestGateway } from "./support/test-gateway.ts";

const require = createRequire(import.meta.url);

const digestOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** YOLOX-nano, as a model of its own. */
function detector(context: TestContext) {
  const path = sharedFile(context, "models/yolox_nano_416x416.onnx");
  const file = { name: "model.onnx", urls: [pathToFileURL(path).href], sha256: digestOf(path), sizeBytes: null };
  return defineAdapter({
    spec: 1,
    id: "test-models",
    version: "1.0.0",
    summary: "For a test",
    models: [
      {
        id: "detector",
        version: "1.0.0",
        summary: "YOLOX-nano",
        licence: "Apache-2.0",
        format: "onnx",
        variants: [{ name: "fp32", quality: 1, files: [file] }],
      },
    ],
  });
}

const isEngineHere = (): boolean => Object.keys(require.cache).some((path) => path.includes("onnxruntime-node"));

test("the gateway knows what devices ONNX Runtime has without ever loading it, or showing what it prints", async () => {
  await using gateway = await startTestGateway({ pipelines: [] }, [onnx()]);
  const { pools } = computeSnapshotSchema.parse(await (await gateway.fetch("/v1/compute")).json());
  expect(pools).toContainEqual(expect.objectContaining({ backend: "onnx", device: "cpu" }));
  expect(isEngineHere()).toBe(false);
  expect(gateway.log.map(({ msg }) => msg)).not.toContain("A model host says");
  // The check above is able to fail.
  await import("onnxruntime-node");
  expect(isEngineHere()).toBe(true);
});

test("the operations of a real model are known soon after it was used, and what they take", async (context) => {
  await using gateway = await startTestGateway({ pipelines: [] }, [onnx(), detector(context)]);
  const { plane: compute } = await gateway.gateway.compute.open();
  const { use } = await compute.run({
    model: "detector",
    inputs: { images: { dtype: "float32", shape: [1, 3, 416, 416], data: new Float32Array(3 * 416 * 416) } },
    tenant: "t",
    runId: "r",
    step: "s",
    policy: {},
    deadlineMs: Infinity,
    signal: new AbortController().signal,
  });
  expect(use.joules?.value).toBeGreaterThan(0);
  // It waits until nothing has been running for a while.
  await vi.waitFor(() => expect(compute.snapshot().pools[0]?.totals.flops).toBeCloseTo(1.0717e9, -6), 30_000);
  const [pool] = compute.snapshot().pools;
  expect(pool?.windows["60s"]).toMatchObject({ runs: 1, items: 1, flopsKnown: 1, joulesBasis: use.joules?.basis });
  const perJoule = (pool?.totals.flops ?? NaN) / (use.joules?.value ?? NaN);
  expect((pool?.windows["60s"].flopsPerWatt ?? NaN) / perJoule).toBeCloseTo(1, 6);
});
