export { vision, vision as default } from "./vision-adapter.ts";
export { visionErrors, type VisionErrorCode } from "./vision-errors.ts";
export type { VisionOptionsInput } from "./vision-options.ts";
export { visionTransforms } from "./vision-transforms.ts";
