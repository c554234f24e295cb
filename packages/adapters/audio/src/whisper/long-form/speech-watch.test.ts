import type { Pcm, SpeechSegment } from "@stargate/kernel";
import { expect, test } from "vitest";
import { inPieces } from "../../../test/recordings.ts";
import { watchSpeech } from "./speech-watch.ts";

const seconds = (length: number) => inPieces(new Float32Array(length * 16_000), 16_000);
const speech = (startSeconds: number, endSeconds: number): SpeechSegment => ({
  startSeconds,
  endSeconds,
  probability: 1,
});

/** Hears a second of speech in every ten, and says so two seconds later. */
async function* everyTen(audio: AsyncIterable<Pcm>, heard: (at: number) => void): AsyncGenerator<SpeechSegment> {
  for await (const { startSeconds } of audio) {
    heard(startSeconds + 1);
    if (startSeconds % 10 === 7) yield speech(startSeconds - 2, startSeconds - 1);
  }
}

test("a recording goes through as it is, and is listened to on its way", async () => {
  const watch = watchSpeech(seconds(30), everyTen, 5);
  const starts: number[] = [];
  for await (const { startSeconds } of watch.audio) {
    starts.push(startSeconds);
    if (startSeconds !== 18) continue;
    await watch.settle();
    expect(watch.segments(0)).toEqual([
      { start: 500, end: 600 },
      { start: 1500, end: 1600 },
    ]);
    expect(watch.segments(600)).toEqual([{ start: 1500, end: 1600 }]);
    // Nineteen seconds were heard, and speech may have begun five seconds ago.
    expect(watch.knownFrames).toBe(1400);
  }
  expect(starts).toEqual(Array.from({ length: 30 }, (_, second) => second));
  expect([watch.knownFrames, watch.segments(0).length]).toEqual([Infinity, 3]);
});

test("waiting does not wait for what was not read", async () => {
  const watch = watchSpeech(seconds(30), everyTen, 5);
  await watch.settle();
  expect(watch.knownFrames).toBe(0);
});

test("a detector that fails lets the recording through, and all may be speech", async () => {
  const failing = async function* (audio: AsyncIterable<Pcm>): AsyncGenerator<SpeechSegment> {
    for await (const { startSeconds } of audio) if (startSeconds === 3) throw new TypeError("lost");
    yield speech(0, 1);
  };
  const watch = watchSpeech(seconds(10), failing, 5);
  let pieces = 0;
  for await (const piece of watch.audio) {
    pieces += piece.channels;
    await watch.settle();
  }
  expect([pieces, watch.knownFrames, watch.failure?.message]).toEqual([10, 0, "lost"]);
});
