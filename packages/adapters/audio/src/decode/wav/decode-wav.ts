import { defineTask, type Offload, throwIfCancelled } from "@stargate/kernel";
import { planResampling } from "../resample/plan-resampling.ts";
import { firstInput, mirrored, outputLength } from "../resample/resample.ts";
import type { DecodeRequest, SampleStream } from "../sample-stream.ts";
import { mixWeights } from "./mix-weights.ts";
import { readMono } from "./sample-reader.ts";
import type { WavHeader } from "./wav-header.ts";
import type { WavPiece } from "./wav-piece-task.ts";

const decodePiece = defineTask<WavPiece, Float32Array<ArrayBuffer>>({
  base: import.meta.url,
  module: "./wav-piece-task",
  export: "decodeWavPiece",
});

/** Input that one task gets: enough that the way there does not matter, little enough to keep two in memory. */
const PIECE_SECONDS = 20;
const MAX_PIECE_BYTES = 16 * 1024 * 1024;

/** Up to so many bytes, 16-bit samples at their own rate take less time here (2 ms) than the way to a worker and back. */
const LIGHT_BYTES = 2 * 1024 * 1024;

/** Samples handed out at once, in seconds. */
const HANDED_SECONDS = 4;

/**
 * Decodes plain WAV without ffmpeg. Each piece is made from its own bytes and a margin around them, so that tasks share no
 * state and two can run at once; what they give is the same as if the file were resampled in one go.
 */
export async function* decodeWav(
  { blob, sampleRateHz, signal }: DecodeRequest,
  { header, offload }: { readonly header: WavHeader; readonly offload: Offload },
): SampleStream {
  const dataEnd = Math.min(blob.size, header.dataStart + (header.dataBytes ?? Infinity));
  const totalFrames = Math.max(0, Math.floor((dataEnd - header.dataStart) / header.frameBytes));
  const pieces = planPieces(header, totalFrames, sampleRateHz);
  const isLight = header.sampleRateHz === sampleRateHz && header.format === 1 && header.bitsPerSample === 16;
  const weights = mixWeights(header.channels, header.channelMask);
  const start = async (piece: PiecePlan): Promise<Float32Array<ArrayBuffer>> => {
    throwIfCancelled(signal, "Decoding");
    const at = (frame: number): number => header.dataStart + frame * header.frameBytes;
    const bytes = await blob.slice(at(piece.firstFrame), at(piece.endFrame)).arrayBuffer();
    if (isLight && bytes.byteLength <= LIGHT_BYTES) return readMono(header, bytes, weights);
    const input = { header, bytes, totalFrames, sampleRateHz, ...piece };
    return offload(decodePiece, input, { signal, transfer: [bytes] });
  };
  const ahead: Promise<Float32Array<ArrayBuffer>>[] = [];
  try {
    for (let index = 0; index < pieces.length || ahead.length > 0; index++) {
      const piece = pieces[index];
      if (piece !== undefined) ahead.push(start(piece));
      if (ahead.length < 2 && index + 1 < pieces.length) continue;
      const samples = await ahead.shift();
      const handed = HANDED_SECONDS * sampleRateHz;
      for (let from = 0; samples !== undefined && from < samples.length; from += handed)
        yield samples.length <= handed ? samples : samples.slice(from, from + handed);
    }
  } finally {
    // Nobody waits for them any more.
    for (const abandoned of ahead) abandoned.catch(() => undefined);
  }
  return {};
}

type PiecePlan = Pick<WavPiece, "firstFrame" | "from" | "to" | "needs"> & { readonly endFrame: number };

function planPieces(header: WavHeader, totalFrames: number, sampleRateHz: number): readonly PiecePlan[] {
  const seconds = Math.min(PIECE_SECONDS, MAX_PIECE_BYTES / (header.frameBytes * header.sampleRateHz));
  const size = Math.max(1, Math.floor(seconds * sampleRateHz));
  if (header.sampleRateHz === sampleRateHz)
    return cut(totalFrames, size).map(([from, to]) => ({
      from,
      to,
      needs: { first: from, end: to },
      firstFrame: from,
      endFrame: to,
    }));
  const plan = planResampling(header.sampleRateHz, sampleRateHz);
  return cut(outputLength(plan, totalFrames), size).map(([from, to]) => {
    const needs = { first: firstInput(plan, from), end: firstInput(plan, to - 1) + plan.taps };
    // Mirrored samples lie within a filter's length of the ends, so the range holds them when it is widened by that.
    const firstFrame = Math.max(0, Math.min(needs.first, mirrored(needs.end - 1, totalFrames)));
    const endFrame = Math.min(totalFrames, Math.max(needs.end, mirrored(needs.first, totalFrames) + 1));
    return { from, to, needs, firstFrame, endFrame };
  });
}

function cut(total: number, size: number): readonly (readonly [number, number])[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, index) => [
    index * size,
    Math.min(total, (index + 1) * size),
  ]);
}
