import assert from "node:assert/strict";
import {
  createPortableHost,
  type Pcm,
  type SpeakerTurns,
  type SpeechSegments,
  type Transcript,
} from "@stargate/kernel";
import { describeAdapter } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { inPieces } from "../test/recordings.ts";
import { createScriptedPlane, HEARD } from "../test/scripted-plane.ts";
import { writeTestWav } from "../test/wav-writer.ts";
import audio, { audioTransforms } from "./index.ts";

const tone = (frame: number): number => 0.4 * Math.sin(frame / 10);
/** A second and a half of silence, sound and silence. */
const samples = Float32Array.from({ length: 24_000 }, (_, frame) =>
  frame >= 8000 && frame < 16_000 ? tone(frame) : 0,
);
const wav = (sampleRateHz: number, channels: number) => ({
  blob: writeTestWav({ sampleRateHz, channels, format: "s16", frames: 12_000, amplitude: tone }),
  mediaType: "audio/wav",
});
const inSeconds = (output: unknown): number =>
  (output as readonly Pcm[]).reduce((sum, piece) => sum + piece.samples.length / piece.sampleRateHz, 0);

const said: Transcript = {
  text: "Really? Yes.",
  language: "en",
  task: "transcribe",
  durationSeconds: 3,
  segments: [
    {
      startSeconds: 0,
      endSeconds: 3,
      text: "Really? Yes.",
      words: [
        { text: "Really?", startSeconds: 0, endSeconds: 1 },
        { text: "Yes.", startSeconds: 2, endSeconds: 3 },
      ],
    },
  ],
  recogniser: { name: "test", quality: 1 },
};
const spoken: SpeakerTurns = {
  durationSeconds: 3,
  diariser: "test",
  turns: [
    { startSeconds: 0, endSeconds: 1.5, speaker: "Speaker 1" },
    { startSeconds: 1.5, endSeconds: 3, speaker: "Speaker 2" },
  ],
};

describeAdapter("the audio adapter", {
  create: () => audio({ diarise: { model: "/models/voices.onnx" } }),
  host: createPortableHost({ compute: createScriptedPlane() }),
  soakRuns: 10,
  cases: [
    {
      name: "a WAV file",
      transform: "audio.decode",
      input: () => wav(16_000, 1),
      coverage: { done: 0.75, of: 0.75 },
      expect: (output) => assert.equal(inSeconds(output), 0.75),
    },
    {
      name: "a WAV file of two channels at another rate",
      transform: "audio.decode",
      input: () => wav(48_000, 2),
      options: { sampleRateHz: 8000 },
      coverage: { done: 0.25, of: 0.25 },
      expect: (output) => assert.equal(inSeconds(output), 0.25),
    },
    {
      name: "a WAV file that breaks off",
      transform: "audio.decode",
      input: () => ({ ...wav(16_000, 1), blob: wav(16_000, 1).blob.slice(0, 44 + 16_000) }),
      coverage: { done: 0.5, of: 0.75 },
    },
    {
      name: "sound between silences",
      transform: "audio.detect-speech",
      input: () => inPieces(samples, 5000),
      coverage: { done: 1.5, of: 1.5 },
      expect: (output) => {
        const { segments, durationSeconds } = output as SpeechSegments;
        assert.deepEqual([durationSeconds, segments.length], [1.5, 1]);
        assert.ok(Math.abs((segments[0]?.startSeconds ?? 0) - 0.5) < 0.07);
      },
    },
    {
      name: "nothing",
      transform: "audio.detect-speech",
      input: () => inPieces(new Float32Array(0), 1),
      coverage: { done: 0, of: 0 },
    },
    {
      name: "sound between silences",
      transform: "audio.transcribe",
      input: () => inPieces(samples, 5000),
      coverage: { done: 1.5, of: 1.5 },
      expect: (output) => {
        const { text, recogniser, language } = output as Transcript;
        assert.deepEqual([text, recogniser.name, language], [HEARD.trim(), "whisper", "en"]);
      },
    },
    {
      name: "sound between silences",
      transform: "audio.diarise",
      input: () => inPieces(samples, 5000),
      coverage: { done: 1.5, of: 1.5 },
      expect: (output) => {
        const { turns } = output as SpeakerTurns;
        assert.deepEqual(
          turns.map(({ speaker }) => speaker),
          ["Speaker 1"],
        );
      },
    },
    {
      name: "nothing",
      transform: "audio.diarise",
      input: () => inPieces(new Float32Array(0), 1),
      coverage: { done: 0, of: 0 },
    },
    {
      name: "two speakers in one segment",
      transform: "audio.attribute",
      input: () => ({ transcript: said, turns: spoken }),
      expect: (output) =>
        assert.deepEqual(
          (output as Transcript).segments.map(({ text, speaker }) => [text, speaker]),
          [
            ["Really?", "Speaker 1"],
            [" Yes.", "Speaker 2"],
          ],
        ),
    },
  ],
  badInputs: [
    {
      name: "nothing",
      transform: "audio.decode",
      input: () => ({ blob: new Blob([]), mediaType: "audio/wav" }),
      code: "SG_INPUT_EMPTY",
    },
    {
      name: "a text",
      transform: "audio.decode",
      input: () => ({ blob: new Blob(["no sound at all"]), mediaType: "audio/mpeg" }),
      code: "SG_INPUT_CORRUPT",
    },
    {
      name: "a playlist",
      transform: "audio.decode",
      input: () => ({ blob: new Blob(["#EXTM3U\nhttp://127.0.0.1/a.ts"]), mediaType: "audio/mpeg" }),
      code: "SG_INPUT_INVALID",
    },
    {
      name: "a WAV file without samples",
      transform: "audio.decode",
      input: () => ({ ...wav(16_000, 1), blob: wav(16_000, 1).blob.slice(0, 36) }),
      code: "SG_INPUT_CORRUPT",
    },
    {
      name: "a language nobody knows",
      transform: "audio.transcribe",
      input: () => inPieces(samples, 5000),
      options: { language: "tlh" },
      code: "SG_AUDIO_LANGUAGE",
    },
  ],
});

test("an unknown option is refused, with the nearest one", () => {
  expect(() => audio({ maxSecond: 3 } as never)).toThrow(
    expect.objectContaining({
      code: "SG_OPTIONS_INVALID",
      message: expect.stringContaining("maxSeconds") as string,
    }),
  );
});

test("the transforms can be named in a pipeline", () => {
  expect(Object.values(audioTransforms).map(({ id }) => id)).toEqual([
    "audio.decode",
    "audio.detect-speech",
    "audio.transcribe",
    "audio.diarise",
    "audio.attribute",
  ]);
});

test("the ladder ends with what works without a model", () => {
  const ladder = audio().transforms.find(({ id }) => id === "audio.transcribe")?.ladder ?? [];
  expect(ladder.at(-1)).toEqual({ name: "pocketsphinx", quality: 0.2 });
  expect(ladder.map(({ quality }) => quality)).toEqual(ladder.map(({ quality }) => quality).toSorted((a, b) => b - a));
});

test("doctor looks for what is no package", async () => {
  const checks = await audio({ ffmpegPath: "/nowhere/ffmpeg" }).check?.({ signal: new AbortController().signal });
  expect(checks?.map(({ name }) => name)).toEqual(["ffmpeg", "pocketsphinx"]);
  expect(checks?.[0]).toEqual({
    name: "ffmpeg",
    status: "warning",
    message: "not found at /nowhere/ffmpeg; WAV, MP3, FLAC and Ogg are read without it, and nothing else",
    hint: "Install it: apt-get install ffmpeg.",
  });
});
