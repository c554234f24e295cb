import type { LoadedModel, ModelSource } from "@stargate/kernel";
import { createOnnxBackend } from "../src/onnx-backend.ts";
import { onnxOptionsSchema } from "../src/onnx-options.ts";

/** A signal that never aborts. */
export const live = new AbortController().signal;

/** Loads a model with default options; `await using` unloads it. */
export async function loadModel(source: ModelSource, device?: string): Promise<LoadedModel & AsyncDisposable> {
  const model = await createOnnxBackend(onnxOptionsSchema.parse({})).load(source, { device, signal: live });
  return { ...model, [Symbol.asyncDispose]: () => model.unload() };
}
