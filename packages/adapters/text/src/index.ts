export { text, text as default } from "./text-adapter.ts";
export { textErrors, type TextErrorCode } from "./text-errors.ts";
export type { TextOptionsInput } from "./text-options.ts";
export { textTransforms } from "./text-transforms.ts";
