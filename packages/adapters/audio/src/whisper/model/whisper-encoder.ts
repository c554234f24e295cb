import { fail, type ModelPart, type Tensor } from "@stargate/kernel/backend";
import { WINDOW_FRAMES } from "../features/input-features.ts";
import { requirePart } from "./decoder-parts.ts";
import { floatTensor } from "./float-values.ts";

/** The half of Whisper that listens. */
export interface WhisperEncoder {
  readonly mels: number;
  /** @param features [windows, mels, 3000] */
  encode(features: Float32Array<ArrayBuffer>, signal: AbortSignal): Promise<Tensor>;
}

/** What an encoder gives: [windows, positions, width]. */
export const HIDDEN = "last_hidden_state";

/** Throws SG_COMPUTE_MODEL for a part that is no encoder of Whisper. */
export function openWhisperEncoder(parts: Readonly<Record<string, ModelPart>>): WhisperEncoder {
  const encoder = requirePart(parts, "encoder");
  const [features] = encoder.signature.inputs;
  const mels = features?.shape[1];
  if (features === undefined || typeof mels !== "number")
    throw fail("SG_COMPUTE_MODEL", "The encoder does not say how many mel bands it takes");
  return {
    mels,
    async encode(values, signal) {
      const shape = [values.length / mels / WINDOW_FRAMES, mels, WINDOW_FRAMES];
      const input = floatTensor(values, shape, features.dtype);
      const { [HIDDEN]: hidden } = await encoder.run({ [features.name]: input }, { signal, outputs: [HIDDEN] });
      if (hidden === undefined) throw fail("SG_COMPUTE_MODEL", `A Whisper model that gives no "${HIDDEN}"`);
      return hidden;
    },
  };
}
