export { openInference, openInference as default } from "./open-inference-adapter.ts";
export { openInferenceErrors, type OpenInferenceErrorCode } from "./open-inference-errors.ts";
export type { OpenInferenceModelSettings, OpenInferenceOptionsInput } from "./open-inference-options.ts";
