import { type Adapter, defineAdapter, parseStrictly } from "@stargate/kernel";
import { createOnnxBackend } from "./onnx-backend.ts";
import { checkOnnx } from "./onnx-check.ts";
import { type OnnxOptionsInput, onnxOptionsSchema } from "./onnx-options.ts";

/**
 * ONNX models on ONNX Runtime: the backend "onnx". Nothing is loaded before the first probe or model.
 * Runs block the thread they are made on, so open it in a worker or a child process, never in a gateway's own thread.
 * Throws SG_OPTIONS_INVALID.
 * @example
 * const gate = await openGate({ adapters: [onnx({ device: "cuda:0" })] });
 */
export function onnx(input: OnnxOptionsInput = {}): Adapter {
  const options = parseStrictly("Options of the onnx adapter", onnxOptionsSchema, input);
  const backend = createOnnxBackend(options);
  return defineAdapter({
    spec: 1,
    id: "onnx",
    version: "0.1.0",
    summary: "ONNX models on ONNX Runtime, on the device that was asked for or not at all",
    backends: [backend],
    check: (context) => checkOnnx(backend, options, context),
    close: async () => backend.close?.(),
  });
}
