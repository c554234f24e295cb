export { audio, audio as default } from "./audio-adapter.ts";
export { audioErrors, type AudioErrorCode } from "./audio-errors.ts";
export type { AudioOptionsInput } from "./audio-options.ts";
export { audioTransforms } from "./audio-transforms.ts";
