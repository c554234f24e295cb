import type { TaskContext } from "@stargate/kernel";
import { planResampling, type ResamplingPlan } from "../resample/plan-resampling.ts";
import { mirrored, resample } from "../resample/resample.ts";
import { mixWeights } from "./mix-weights.ts";
import { readMono } from "./sample-reader.ts";
import type { WavHeader } from "./wav-header.ts";

/** One piece of a WAV file to be made mono and resampled; structured-cloneable. */
export interface WavPiece {
  readonly header: WavHeader;
  /** Whole frames, as they lie in the file. */
  readonly bytes: ArrayBuffer;
  /** Number of the first of them. */
  readonly firstFrame: number;
  /** Frames of the whole file, for the mirror at its end. */
  readonly totalFrames: number;
  readonly sampleRateHz: number;
  /** Output samples wanted, the last one not included. */
  readonly from: number;
  readonly to: number;
  /** Input samples they need, by their numbers; those outside the file are mirrored. */
  readonly needs: { readonly first: number; readonly end: number };
}

// A memo, not state: pieces of one file share their filter.
let lastPlan: ResamplingPlan | undefined;

/** Samples of a piece at the wanted rate, one channel. */
export function decodeWavPiece(piece: WavPiece, context: TaskContext): Float32Array<ArrayBuffer> {
  const { header, bytes, firstFrame, totalFrames, sampleRateHz, from, to, needs } = piece;
  const mono = readMono(header, bytes, mixWeights(header.channels, header.channelMask));
  let output = mono;
  if (header.sampleRateHz !== sampleRateHz) {
    if (lastPlan?.inputRateHz !== header.sampleRateHz || lastPlan.outputRateHz !== sampleRateHz)
      lastPlan = planResampling(header.sampleRateHz, sampleRateHz);
    const samples = new Float32Array(needs.end - needs.first);
    for (let index = 0; index < samples.length; index++)
      samples[index] = mono[mirrored(needs.first + index, totalFrames) - firstFrame] ?? 0;
    output = resample(lastPlan, { samples, start: needs.first }, from, to);
  }
  context.transfer([output.buffer]);
  return output;
}
