// What code inside a model host or a worker needs of the kernel, without the rest of it: registry, planner, runner and
// their dependencies take 190 ms to load (Node 24, 2 cores), these few files 10 ms, and every host pays that when it starts.
// All of it is exported by the main entry as well, from the same modules.

export type {
  BackendDevice,
  BackendProbe,
  ComputeBackend,
  DeviceKind,
  LoadOptions,
  LoadedModel,
  ModelPart,
  ModelProgram,
  ModelProgramContext,
  ModelSignature,
  ModelSource,
  ProbeOptions,
  Tensor,
  TensorData,
  TensorDtype,
  TensorMap,
  TensorSpec,
} from "./contract/compute-backend.ts";
export { checkTensors } from "./compute/check-tensors.ts";
export { float16, fromShortFloat, toShortFloat } from "./compute/open-inference/short-floats.ts";
export { tensorFromBytes, tensorToBytes } from "./compute/tensor-bytes.ts";
export { defineBackend } from "./define/define-backend.ts";
export { fail, kernelErrors } from "./errors/catalog.ts";
export { cancellationOf, throwIfCancelled } from "./errors/cancellation.ts";
export type { ErrorCatalog } from "./errors/catalog-entry.ts";
export { createErrorFactory } from "./errors/error-factory.ts";
export { isStargateError } from "./errors/stargate-error.ts";
export { toWireError, type WireError } from "./errors/wire-error.ts";
export { parseStrictly } from "./define/parse-strictly.ts";
export { didYouMean } from "./util/nearest-name.ts";
export { formatProblems, schemaProblems } from "./util/schema-problems.ts";
