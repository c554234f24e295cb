import { expect, test } from "vitest";
import { loadFailure, runFailure } from "./engine-failures.ts";

// Messages as ONNX Runtime 1.30.0 gives them; those of CUDA are from its sources, not from a GPU.
const loads = [
  ["cpu", "Failed to load model because protobuf parsing failed.", "SG_COMPUTE_MODEL"],
  ["cuda:0", "Failed to load model because protobuf parsing failed.", "SG_COMPUTE_MODEL"],
  ["cuda:0", "OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library", "SG_COMPUTE_DEVICE"],
  ["coreml", "no available backend found. ERR: [coreml] backend not found.", "SG_COMPUTE_DEVICE"],
  ["webgpu", "Failed to get a WebGPU adapter: No supported adapters", "SG_COMPUTE_DEVICE"],
  ["cuda:3", "CUDA failure 101: invalid device ordinal ; GPU=3", "SG_COMPUTE_DEVICE"],
  ["cuda:0", "CUDA failure 2: out of memory ; GPU=0", "SG_COMPUTE_MEMORY"],
  ["cuda:0", "This session contains graph nodes that are assigned to the default CPU EP, but ...", "SG_ONNX_CPU_NODES"],
] as const;

test.for(loads)("on %s, loading with %j is %s", ([device, message, code]) => {
  expect(loadFailure({ id: "m", device }, new TypeError(message))).toMatchObject({ code });
});

test("running out of memory can be tried again, a failed node cannot", () => {
  const work = { id: "m", device: "cuda:0" };
  const memory = new TypeError(
    "BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 9",
  );
  expect(runFailure(work, memory)).toMatchObject({ code: "SG_COMPUTE_MEMORY", retryable: true });
  expect(runFailure(work, new TypeError("Non-zero status code"))).toMatchObject({
    code: "SG_ONNX_RUN_FAILED",
    retryable: false,
  });
});

test("places in the engine's sources are left out of its messages", () => {
  const said =
    "Non-zero status code returned while running Add node. Name:'' Status Message: /onnxruntime_src/onnxruntime/core/providers/cpu/math/element_wise_ops.h:563 void onnxruntime::BroadcastIterator::Init(ptrdiff_t, ptrdiff_t) axis == 1 || axis == largest was false. Attempting to broadcast 2 by 3\n";
  expect(runFailure({ id: "m", device: "cpu" }, new TypeError(said)).message).toBe(
    'Model "m" failed on "cpu": Non-zero status code returned while running Add node. Name:\'\' Status Message: axis == 1 || axis == largest was false. Attempting to broadcast 2 by 3',
  );
});
