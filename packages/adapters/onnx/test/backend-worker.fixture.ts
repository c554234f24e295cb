// A worker that owns the backend: what a model host does, in its smallest form.
import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { ModelSource, TensorMap } from "@stargate/kernel";
import onnx from "@stargate/adapter-onnx";

const { source, inputs, tensorFirst } = workerData as { source: ModelSource; inputs: TensorMap; tensorFirst: boolean };
const require = createRequire(import.meta.url);
const isEngineLoaded = () => Object.keys(require.cache).some((path) => path.includes("onnxruntime-node"));

const adapter = onnx();
const loadedAtImport = isEngineLoaded();
if (tensorFirst) {
  const { Tensor } = require("onnxruntime-node") as {
    Tensor: new (type: string, data: Uint8Array, dims: number[]) => object;
  };
  new Tensor("uint8", new Uint8Array(1), [1]);
}
const { signal } = new AbortController();
try {
  const model = await adapter.backends[0]?.load(source, { signal });
  const outputs = await model?.run(inputs, { signal });
  await adapter.close?.();
  parentPort?.postMessage({ loadedAtImport, loadedAfterwards: isEngineLoaded(), outputs });
} catch (error) {
  parentPort?.postMessage({ code: (error as { code?: string }).code });
}
