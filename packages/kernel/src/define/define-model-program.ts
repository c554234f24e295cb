import type { JsonObject } from "../util/json.ts";
import { moduleBeside } from "./module-beside.ts";

/**
 * Names the program of a model (`ModelProgram`) in a module beside the caller, in a way that works from source (.ts) and
 * from a build (.js): `settings.program` of a model of the format "onnx-program".
 * @example
 * const settings = {
 *   program: defineModelProgram({ base: import.meta.url, module: "./detect-program", export: "detectProgram" }),
 *   parts: { model: "silero_vad.onnx" },
 * };
 */
export function defineModelProgram({
  options = {},
  ...program
}: {
  base: string;
  module: string;
  export: string;
  /** What the program gets as `options`. */
  options?: JsonObject;
}): JsonObject {
  return Object.freeze({ module: moduleBeside(program), export: program.export, options });
}
