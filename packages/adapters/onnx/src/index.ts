export { onnx, onnx as default } from "./onnx-adapter.ts";
export { onnxErrors, type OnnxErrorCode } from "./onnx-errors.ts";
export type { OnnxModelSettings, OnnxOptionsInput } from "./onnx-options.ts";
