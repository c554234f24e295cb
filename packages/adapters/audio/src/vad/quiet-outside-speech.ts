import type { Pcm, RunContext } from "@stargate/kernel";
import { sileroModel } from "./silero-model.ts";
import { WINDOW_SAMPLES } from "./silero-program.ts";
import { speechProbabilities } from "./speech-probabilities.ts";

/** Probability of a window that is speech for certain, as Silero has it. */
const SPEECH = 0.5;

/** Windows beside certain speech that are kept: a quarter of a second of unvoiced beginnings and ends. */
const MARGIN_WINDOWS = 8;

/**
 * Sound (mono, 16 kHz) with silence in place of what is no speech: a recogniser finds no words there. Nothing moves in
 * time. Throws what running the detector throws.
 */
export async function* quietOutsideSpeech(
  audio: AsyncIterable<Pcm>,
  { compute, signal }: Pick<RunContext, "compute" | "signal">,
): AsyncGenerator<Pcm, void, void> {
  const waiting: Pcm[] = [];
  const tapped = async function* (): AsyncGenerator<Pcm, void, void> {
    for await (const piece of audio) {
      waiting.push(piece);
      yield piece;
    }
  };
  /** Whether each window so far is speech. */
  const speech: boolean[] = [];
  let given = 0;
  const ready = function* (decidedSamples: number): Generator<Pcm, void, void> {
    for (let piece = waiting[0]; piece !== undefined; piece = waiting[0]) {
      if (given + piece.samples.length > decidedSamples) return;
      waiting.shift();
      yield { ...piece, samples: silenced(piece.samples, given, speech) };
      given += piece.samples.length;
    }
  };
  for await (const { probabilities } of speechProbabilities(tapped(), { compute, model: sileroModel.id, signal })) {
    for (const probability of probabilities) speech.push(probability >= SPEECH);
    yield* ready((speech.length - MARGIN_WINDOWS) * WINDOW_SAMPLES);
  }
  yield* ready(Infinity);
}

function silenced(samples: Float32Array, first: number, speech: readonly boolean[]): Float32Array<ArrayBuffer> {
  const output = Float32Array.from(samples);
  for (let index = 0; index < output.length;) {
    const window = Math.floor((first + index) / WINDOW_SAMPLES);
    const end = Math.min(output.length, (window + 1) * WINDOW_SAMPLES - first);
    if (!isNearSpeech(window, speech)) output.fill(0, index, end);
    index = end;
  }
  return output;
}

function isNearSpeech(window: number, speech: readonly boolean[]): boolean {
  for (let near = Math.max(0, window - MARGIN_WINDOWS); near <= window + MARGIN_WINDOWS; near++)
    if (speech[near] === true) return true;
  return false;
}
