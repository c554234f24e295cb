import { fail } from "../onnx-errors.ts";

/** What was being done when the engine failed. */
export interface EngineWork {
  /** Model id. */
  readonly id: string;
  readonly device: string;
}

// ONNX Runtime throws plain errors whose message is all there is to tell them apart (1.30.0).
const outOfMemory = /out of memory|failed to allocate|bad_alloc|BFCArena|CUBLAS_STATUS_ALLOC_FAILED|device removed/i;
const cpuNodes = /assigned to the default CPU EP/;
const provider =
  /AppendExecutionProvider|no available backend|backend not found|WebGPU adapter|CUDA failure|CUDNN failure|driver/i;

/** Turns the failure of making a session into one of our codes. */
export function loadFailure({ id, device }: EngineWork, error: unknown): Error {
  const said = messageOf(error);
  if (cpuNodes.test(said))
    return fail("SG_ONNX_CPU_NODES", `Device "${device}" cannot run every node of model "${id}"`, { cause: error });
  if (outOfMemory.test(said)) return memoryFailure({ id, device }, "load", error);
  if (device !== "cpu" && provider.test(said))
    return fail("SG_COMPUTE_DEVICE", `Device "${device}" is not available: ${said}`, { cause: error });
  return fail("SG_COMPUTE_MODEL", `Model "${id}" cannot be loaded: ${said}`, { cause: error });
}

/** Turns the failure of a run into one of our codes. */
export function runFailure({ id, device }: EngineWork, error: unknown): Error {
  const said = messageOf(error);
  if (outOfMemory.test(said)) return memoryFailure({ id, device }, "run", error);
  return fail("SG_ONNX_RUN_FAILED", `Model "${id}" failed on "${device}": ${said}`, { cause: error });
}

function memoryFailure({ id, device }: EngineWork, verb: string, cause: unknown): Error {
  return fail("SG_COMPUTE_MEMORY", `Device "${device}" has too little memory to ${verb} model "${id}"`, { cause });
}

/** The engine's message without the places in its own sources, at most 300 characters. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const sourceLine = /\S*\/onnxruntime\/\S+\.(?:cc|h):\d+\s+/g;
  const signature = /(?:[\w:&*]+ )?onnxruntime::[^(\n]*\([^\n]*?\)(?: const)?(?:::<lambda\(.*?\)>)?\s/g;
  return text.replace(sourceLine, "").replace(signature, "").replace(/\s+/g, " ").trim().slice(0, 300);
}
