import type { Compute, Tensor } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import { SILENCE_LOG_MEL } from "./features/log-mel.ts";
import type { DecodeWindows } from "./long-form/seek-windows.ts";
import type { WindowRequestInput } from "./program/window-request.ts";
import { type ModelFacts, modelFactsSchema, windowResultSchema } from "./program/window-result.ts";

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

interface HostedOptions {
  readonly compute: Compute;
  readonly signal: AbortSignal;
}

/** Loads a model and asks what it is. Throws what the compute plane throws. */
export async function openHostedWhisper(model: string, { compute, signal }: HostedOptions): Promise<HostedWhisper> {
  const ask = async (logMel: Tensor, request: WindowRequestInput): Promise<readonly unknown[]> => {
    const asked: Tensor = { dtype: "string", shape: [1], data: [JSON.stringify(request)] };
    const { results } = await compute.run(model, { log_mel: logMel, request: asked }, { signal });
    if (results?.dtype !== "string")
      throw fail("SG_COMPUTE_WRONG_RESULT", `Model "${model}" does not answer as a Whisper model does`);
    return (results.data as readonly string[]).map((text): unknown => JSON.parse(text)); // the type says strings
  };
  const nothing: Tensor = { dtype: "float32", shape: [0, 0, 0], data: new Float32Array(0) };
  const [facts] = await ask(nothing, { windows: [] });
  const { mels, ...rest } = modelFactsSchema.parse(facts);
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
        const tensor: Tensor = { dtype: "float32", shape: [inputs.length, frames, mels], data };
        const results = await ask(tensor, { ...options, ...(isPartial === true && partialOptions), language, windows });
        return results.map((result) => windowResultSchema.parse(result));
      },
  };
}
