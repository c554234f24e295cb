import type { Pcm } from "@stargate/kernel";
import { expect, test } from "vitest";
import { speechSound } from "./speech-sound.ts";

async function* inTurn(...pieces: readonly Pcm[]): AsyncGenerator<Pcm> {
  yield* pieces;
}
const tone = (sampleRateHz: number, channels: number, frames: number, startSeconds: number): Pcm => ({
  samples: Float32Array.from({ length: frames * channels }, (_, index) =>
    Math.sin(2 * Math.PI * 200 * (Math.floor(index / channels) / sampleRateHz + startSeconds)),
  ),
  sampleRateHz,
  channels,
  startSeconds,
});
const convert = (...pieces: readonly Pcm[]) => Array.fromAsync(speechSound(inTurn(...pieces)));

test("speech sound is passed on as it is", async () => {
  const piece = tone(16_000, 1, 100, 3);
  expect((await convert(piece))[0]).toBe(piece);
});

test("other sound becomes mono at 16 kHz, without seams, and keeps its time", async () => {
  const pieces = await convert(tone(48_000, 2, 4800, 1), tone(48_000, 2, 4800, 1.1), tone(48_000, 2, 4800, 1.2));
  expect(new Set(pieces.map(({ sampleRateHz, channels }) => `${sampleRateHz}/${channels}`))).toEqual(
    new Set(["16000/1"]),
  );
  const samples = pieces.flatMap((piece) => [...piece.samples]);
  expect(samples.length).toBe(4800);
  for (let at = 100; at < 4700; at++)
    expect(Math.abs((samples[at] ?? 0) - Math.sin((2 * Math.PI * 200 * at) / 16_000))).toBeLessThan(1e-3);
  let next = 1;
  for (const piece of pieces) {
    expect(piece.startSeconds).toBeCloseTo(next, 9);
    next += piece.samples.length / 16_000;
  }
});

test("a change of the sample rate loses nothing", async () => {
  const pieces = await convert(tone(48_000, 1, 4800, 0), tone(8000, 1, 800, 0.1), tone(48_000, 1, 4800, 0.2));
  expect(pieces.reduce((sum, piece) => sum + piece.samples.length, 0)).toBe(4800);
});
