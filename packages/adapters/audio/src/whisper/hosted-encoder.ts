import { type Compute, defineTask, type Offload, type Tensor } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import { WINDOW_FRAMES } from "./features/input-features.ts";
import type { InputFeaturesInput } from "./features/input-features-task.ts";
import { floatsOf } from "./model/float-values.ts";
import { HIDDEN } from "./model/whisper-encoder.ts";
import { isFirstWhole } from "./program/hear-windows.ts";
import type { WindowRequestInput } from "./program/window-request.ts";

const scaleFeatures = defineTask<InputFeaturesInput, Float32Array<ArrayBuffer>>({
  base: import.meta.url,
  module: "./features/input-features-task",
  export: "inputFeaturesTask",
});

/** The encoder of a Whisper whose halves are two models, wherever the compute plane runs it. */
export interface HostedEncoder {
  /** Throws what its place throws, before a recording has been read: a lesser model can still be taken. */
  ready(mels: number): Promise<void>;
  /** What the decoder takes for these windows (`whisperDecoderProgram`). */
  hear(logMel: Tensor, request: WindowRequestInput): Promise<Tensor>;
}

interface HostedEncoderOptions {
  readonly compute: Compute;
  readonly offload: Offload;
  readonly signal: AbortSignal;
  /** Encoders that have answered: these are believed to be there. One that fails is asked again next time. */
  readonly answered: Set<string>;
}

/** @param model takes `input_features` [rows, mels, 3000] and gives `last_hidden_state` [rows, positions, width]. */
export function openHostedEncoder(
  model: string,
  { compute, offload, signal, answered }: HostedEncoderOptions,
): HostedEncoder {
  const encode = async (features: Float32Array<ArrayBuffer>, mels: number): Promise<Tensor> => {
    const shape = [features.length / mels / WINDOW_FRAMES, mels, WINDOW_FRAMES];
    try {
      const outputs = await compute.run(
        model,
        { input_features: { dtype: "float32", shape, data: features } },
        { signal },
      );
      const hidden = outputs[HIDDEN];
      if (hidden === undefined)
        throw fail("SG_COMPUTE_WRONG_RESULT", `Model "${model}" does not answer as an encoder of Whisper does`);
      answered.add(model);
      return { dtype: "float32", shape: hidden.shape, data: floatsOf(hidden) };
    } catch (error) {
      if (!signal.aborted) answered.delete(model);
      throw error;
    }
  };
  return {
    async ready(mels) {
      if (!answered.has(model)) await encode(new Float32Array(mels * WINDOW_FRAMES), mels);
    },
    async hear({ shape, data }, { windows, language }) {
      const [, frames = 0, mels = 0] = shape;
      const values = data as Float32Array<ArrayBuffer>; // log-mel values are made so
      const rows = windows.map(({ maximum, contentFrames }, window) => ({ window, maximum, contentFrames }));
      const [first] = rows;
      const tellsLanguage = first !== undefined && language === undefined && !isFirstWhole(windows);
      const input = {
        values,
        mels,
        frames,
        rows: tellsLanguage ? [...rows, { ...first, contentFrames: undefined }] : rows,
      };
      return encode(await offload(scaleFeatures, input, { signal, transfer: [values.buffer] }), mels);
    },
  };
}
