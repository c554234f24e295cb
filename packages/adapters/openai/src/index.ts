export { openai, openai as default } from "./openai-adapter.ts";
export { openaiErrors, type OpenaiErrorCode } from "./openai-errors.ts";
export type { OpenaiModelSettings, OpenaiOptionsInput } from "./openai-options.ts";
