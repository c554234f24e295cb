import { defineModelProgram, type ModelSpec } from "@stargate/kernel";
import { fileName, modelFile } from "../own-models/model-file.ts";
import type { SpeakerOptions } from "./diarise-options.ts";

/** Id of the model that the operator configured. */
export const SPEAKER_MODEL = "speaker-embedding";

/** The configured speaker embedding model, with the sums of its input beside it; none where none is configured. */
export function speakerModels({ model, input, mels }: SpeakerOptions): readonly ModelSpec[] {
  if (model === undefined) return [];
  const program = defineModelProgram({
    base: import.meta.url,
    module: "./program/speaker-program",
    export: "speakerProgram",
    options: { input, mels },
  });
  return [
    {
      id: SPEAKER_MODEL,
      version: "1.0.0",
      summary: model.summary,
      licence: model.licence,
      format: "onnx-program",
      variants: [{ name: "default", quality: 1, files: [modelFile(model)] }],
      settings: { program, parts: { model: fileName(model.from) } },
      batching: "none",
    },
  ];
}
