import type { Tensor } from "@stargate/kernel/backend";
import { inputFeatures, type MelWindow, WINDOW_FRAMES } from "../features/input-features.ts";
import type { WhisperEncoder } from "../model/whisper-encoder.ts";
import { selectAllRows } from "../model/tensor-rows.ts";
import type { WindowRequest } from "./window-request.ts";

/** What the encoder made of windows. */
export interface HeardWindows {
  /** [windows, positions, width] */
  readonly hidden: Tensor;
  /** The first window as the language is told from it: with all that lies behind the recording. */
  readonly first: () => Promise<Tensor>;
}

/**
 * Whether the first window can be used as it is to tell the language from. A shorter one is heard a second time, followed
 * by silence, not by the zeros of a last window: the whole recording goes on behind it.
 */
export function isFirstWhole([first]: readonly { readonly contentFrames: number }[]): boolean {
  return first?.contentFrames === WINDOW_FRAMES;
}

/** Scales windows and encodes them. */
export async function hearWindows(
  encoder: WhisperEncoder,
  mels: readonly MelWindow[],
  { windows }: Pick<WindowRequest, "windows">,
  signal: AbortSignal,
): Promise<HeardWindows> {
  const features = mels.map((mel, index) => inputFeatures(mel, windows[index]?.contentFrames));
  const hidden = await encoder.encode(joined(features), signal);
  return {
    hidden,
    async first() {
      const [mel] = mels;
      return isFirstWhole(windows) || mel === undefined
        ? rowsOf(hidden, [0])
        : encoder.encode(inputFeatures(mel), signal);
    },
  };
}

/** Some windows of what was heard. */
export function rowsOf(hidden: Tensor, rows: readonly number[]): Tensor {
  return selectAllRows({ hidden }, rows)["hidden"] ?? hidden;
}

function joined(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
