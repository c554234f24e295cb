import type { EncodedMedia, Pcm } from "@stargate/kernel";
import { createTestContext, type TestContextOptions } from "@stargate/kernel/testing";
import { type AudioOptionsInput, audioOptionsSchema } from "../src/audio-options.ts";
import { createDecodeTransform } from "../src/decode/decode-transform.ts";

type Options = Pick<TestContextOptions, "options" | "signal" | "host"> & { readonly adapter?: AudioOptionsInput };

function start(input: Blob | EncodedMedia, { adapter = {}, ...options }: Options) {
  const transform = createDecodeTransform(audioOptionsSchema.parse(adapter));
  const { context, recorded } = createTestContext(transform, options);
  const media = input instanceof Blob ? { blob: input, mediaType: "application/octet-stream" } : input;
  return { pieces: transform.run(media, context) as AsyncIterable<Pcm>, recorded };
}

/** Pieces of a recording, as the transform gives them. */
export function decodePieces(input: Blob | EncodedMedia, options: Options = {}): AsyncIterable<Pcm> {
  return start(input, options).pieces;
}

/** Decodes a recording whole, for tests that look at all of its samples. */
export async function decodeAll(input: Blob | EncodedMedia, options: Options = {}) {
  const { pieces: stream, recorded } = start(input, options);
  const pieces: Pcm[] = [];
  for await (const piece of stream) pieces.push(piece);
  const samples = new Float32Array(pieces.reduce((sum, piece) => sum + piece.samples.length, 0));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece.samples, at);
    at += piece.samples.length;
  }
  return { pieces, samples, recorded };
}
