import type { Compute, Offload, Tensor, TensorMap } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import { SILENCE_LOG_MEL } from "./features/log-mel.ts";
import { openHostedEncoder } from "./hosted-encoder.ts";
import type { DecodeWindows } from "./long-form/seek-windows.ts";
import type { WindowRequestInput } from "./program/window-request.ts";
import { type ModelFacts, modelFactsSchema, windowResultSchema } from "./program/window-result.ts";
import { halvesOf } from "./whisper-specs.ts";

/** How windows are decoded; what differs from window to window is left out. */
export type DecodingOptions = Omit<WindowRequestInput, "windows" | "language">;

/** A Whisper model wherever the compute plane runs it. */
export interface HostedWhisper extends ModelFacts {
  readonly model: string;
  decode(options: DecodingOptions): DecodeWindows;
}

/** A text that is soon replaced is worth one try. */
const partialOptions: Pick<DecodingOptions, "temperatures" | "words" | "beamSize"> = {
  temperatures: [0],
  words: false,
  beamSize: undefined,
};

/** Whisper models are run in halves: encoder and decoder are two models. */
export interface SplitWhisper {
  /** Encoders that have answered, for all runs; see `openHostedEncoder`. */
  readonly answered: Set<string>;
}

interface HostedOptions {
  readonly compute: Compute;
  readonly offload: Offload;
  readonly signal: AbortSignal;
  /** Absent: both halves are one model. */
  readonly split?: SplitWhisper | undefined;
}

/** Loads a model and asks what it is. Throws what the compute plane throws. */
export async function openHostedWhisper(
  model: string,
  { compute, offload, signal, split }: HostedOptions,
): Promise<HostedWhisper> {
  const halves = halvesOf(model);
  const encoder = split && openHostedEncoder(halves.encoder, { compute, offload, signal, ...split });
  const asked = encoder === undefined ? model : halves.decoder;
  const ask = async (windows: TensorMap, request: WindowRequestInput): Promise<readonly unknown[]> => {
    const text: Tensor = { dtype: "string", shape: [1], data: [JSON.stringify(request)] };
    const { results } = await compute.run(asked, { ...windows, request: text }, { signal });
    if (results?.dtype !== "string")
      throw fail("SG_COMPUTE_WRONG_RESULT", `Model "${asked}" does not answer as a Whisper model does`);
    return (results.data as readonly string[]).map((text): unknown => JSON.parse(text)); // the type says strings
  };
  const nothing: Tensor = { dtype: "float32", shape: [0, 0, 0], data: new Float32Array(0) };
  const [facts] = await ask(encoder === undefined ? { log_mel: nothing } : { hidden: nothing }, { windows: [] });
  const { mels, ...rest } = modelFactsSchema.parse(facts);
  await encoder?.ready(mels);
  return {
    model,
    mels,
    ...rest,
    decode:
      (options) =>
      async (inputs, { language, isPartial }) => {
        const frames = Math.max(...inputs.map(({ values }) => values.length / mels));
        const data = new Float32Array(inputs.length * frames * mels).fill(SILENCE_LOG_MEL);
        for (const [index, { values }] of inputs.entries()) data.set(values, index * frames * mels);
        const windows = inputs.map(({ window }) => window);
        const logMel: Tensor = { dtype: "float32", shape: [inputs.length, frames, mels], data };
        const request = { ...options, ...(isPartial === true && partialOptions), language, windows };
        const heard = encoder === undefined ? { log_mel: logMel } : { hidden: await encoder.hear(logMel, request) };
        const results = await ask(heard, request);
        return results.map((result) => windowResultSchema.parse(result));
      },
  };
}
