export { ocr, ocr as default } from "./ocr-adapter.ts";
export { ocrErrors, type OcrErrorCode } from "./ocr-errors.ts";
export type { OcrOptionsInput } from "./ocr-options.ts";
export { ocrTransforms } from "./ocr-transforms.ts";
