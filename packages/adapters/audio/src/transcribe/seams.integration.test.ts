import { expect, test } from "vitest";
import { expectOrder, plain, silero, transcribe } from "../../test/run-transcribe.ts";
import { parityModel, readRecording } from "../../test/whisper-parity.ts";
import { sileroModel } from "../vad/silero-model.ts";

// Windows of Whisper end every 30 s, in the middle of whatever is said: where JavaScript's transcripts went backwards.

const SECONDS = 95;
const RATE_HZ = 16_000;

test.for([
  ["in windows one after the other", { mode: "sequential", vad: false }],
  ["knowing the text before", { mode: "sequential", vad: false, conditionOnPreviousText: true }],
  ["only where somebody speaks", { mode: "sequential", vad: true }],
  ["in batches cut at pauses", { mode: "batched", vad: true }],
] as const)("95 s of speech keep the order of their words across the seams, %s", async ([, options], context) => {
  const models = { whisper: parityModel(context), [sileroModel.id]: silero(context) };
  const jfk = readRecording(context, "jfk");
  const samples = new Float32Array(SECONDS * RATE_HZ).map((_, index) => jfk[index % jfk.length] ?? 0);
  const asked = { ...plain, conditionOnPreviousText: false, ...options, words: true, maxTokens: 20 };
  const { value, recorded } = await transcribe(models, samples, asked);
  expectOrder(value);
  const words = value.segments.flatMap((segment) => segment.words ?? []);
  // Text on both sides of every seam, to the end.
  for (const seam of [30, 60, 90]) {
    expect(words.some(({ startSeconds }) => startSeconds < seam && startSeconds > seam - 30)).toBe(true);
    expect(words.some(({ startSeconds }) => startSeconds >= seam)).toBe(true);
  }
  expect(recorded.coverage.at(-1)).toEqual({ done: SECONDS, of: SECONDS });
});
