import type { Compute, Pcm, Tensor } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import { CONTEXT_SAMPLES, STATE_VALUES, WINDOW_SAMPLES } from "./silero-program.ts";

/** What one call of the model gets: long enough that the call itself does not matter, short enough to cancel. */
const CALL_SAMPLES = 640 * WINDOW_SAMPLES;

/** Probabilities of consecutive windows; `samples`: how much of the recording they stand for. */
export interface SpeechProbabilities {
  readonly probabilities: Float32Array;
  readonly samples: number;
}

/**
 * Probability of speech per 32 ms of mono 16 kHz sound, in runs of windows. The last window is filled up with silence.
 * `latency`: give what there is after each piece of sound, and do not wait for a long run (live input).
 */
export async function* speechProbabilities(
  audio: AsyncIterable<Pcm>,
  {
    compute,
    model,
    signal,
    isLive = false,
  }: { compute: Compute; model: string; signal: AbortSignal; isLive?: boolean },
): AsyncGenerator<SpeechProbabilities, void, void> {
  let state: Tensor = { dtype: "float32", shape: [2, 1, 128], data: new Float32Array(STATE_VALUES) };
  let context: Tensor = { dtype: "float32", shape: [CONTEXT_SAMPLES], data: new Float32Array(CONTEXT_SAMPLES) };
  let waiting: Float32Array[] = [];
  let held = 0;

  const run = async (samples: Float32Array): Promise<Float32Array> => {
    const inputs = { samples: { dtype: "float32", shape: [samples.length], data: samples }, state, context } as const;
    const outputs = await compute.run(model, inputs, { signal });
    const { probabilities, state: nextState, context: nextContext } = outputs;
    if (!(probabilities?.data instanceof Float32Array) || nextState === undefined || nextContext === undefined)
      throw fail("SG_COMPUTE_WRONG_RESULT", `Model "${model}" gives no probabilities, state and context`);
    state = nextState;
    context = nextContext;
    return probabilities.data;
  };
  const take = (length: number): Float32Array => {
    const samples = new Float32Array(length);
    let filled = 0;
    const rest: Float32Array[] = [];
    for (const piece of waiting) {
      const part = piece.subarray(0, length - filled);
      samples.set(part, filled);
      filled += part.length;
      if (part.length < piece.length) rest.push(piece.subarray(part.length));
    }
    waiting = rest;
    held -= filled;
    return samples;
  };

  for await (const { samples } of audio) {
    waiting.push(samples);
    held += samples.length;
    while (held >= (isLive ? WINDOW_SAMPLES : CALL_SAMPLES)) {
      const length = Math.min(CALL_SAMPLES, held - (held % WINDOW_SAMPLES));
      yield { probabilities: await run(take(length)), samples: length };
    }
  }
  if (held === 0) return;
  const samples = held;
  const filled = Math.ceil(held / WINDOW_SAMPLES) * WINDOW_SAMPLES;
  yield { probabilities: await run(take(filled)), samples };
}
