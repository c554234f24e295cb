import { createRequire } from "node:module";
import onnx from "@stargate/adapter-onnx";
import { computeSnapshotSchema } from "@stargate/compute";
import { expect, test } from "vitest";
import { startTestGateway } from "./support/test-gateway.ts";

const require = createRequire(import.meta.url);
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
