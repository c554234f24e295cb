import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tmpdir } from "node:os";
import audio from "@stargate/adapter-audio";
import onnx from "@stargate/adapter-onnx";
import { computeConfigSchema, createModelStore, openComputePlane } from "@stargate/compute";
import { createPortableHost, openGate, type Transcript } from "@stargate/kernel";
import { expect, onTestFinished, test, type TestContext } from "vitest";
import { sharedFile } from "../support/shared-files.ts";

/** A gate whose only Whisper is the parity model, which runs in a process of its own. */
async function openWhisperGate(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "stargate-whisper-"));
  const parity = dirname(sharedFile(context, "parity/whisper-tiny-random/expected.json"));
  const vocabulary = sharedFile(context, "models/multilingual.tiktoken");
  const { clock, log } = createPortableHost();
  const plane = await openComputePlane({
    config: computeConfigSchema.parse({}),
    store: createModelStore({
      folder: join(folder, "models"),
      folders: [dirname(vocabulary)],
      policy: { accept: ["tiny"] },
      clock,
    }),
    clock,
    idleClock: clock,
    log,
    folder,
  });
  const gate = await openGate({
    adapters: [
      onnx(),
      audio({
        whisper: {
          ladder: ["absent", "tiny"],
          models: {
            tiny: {
              encoder: { from: join(parity, "encoder_model.onnx") },
              decoder: { from: join(parity, "decoder_model_merged.onnx") },
              vocabulary: { from: vocabulary },
              alignmentHeads: [
                [0, 1],
                [1, 0],
                [1, 2],
                [1, 3],
              ],
            },
          },
        },
      }),
    ],
    host: createPortableHost({ compute: plane }),
  });
  onTestFinished(async () => {
    await gate.close();
    await plane[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  return gate;
}

const options = {
  language: "en",
  words: true,
  temperature: 0,
  maxTokens: 48,
  conditionOnPreviousText: false,
  vad: false,
  compressionRatioThreshold: null,
  logprobThreshold: null,
  noSpeechThreshold: null,
};
const goal = { to: "transcript", with: { "audio.transcribe": options } } as const;

interface Expected {
  readonly openai_transcribe: Readonly<
    Record<
      string,
      { readonly words: { readonly segments: readonly { readonly text: string; readonly ids: readonly number[] }[] } }
    >
  >;
}

test("a recording goes down the ladder to the model that is there, through a process, token for token", async (context) => {
  const gate = await openWhisperGate(context);
  const file = new Blob([readFileSync(sharedFile(context, "samples/jfk.wav"))], { type: "audio/wav" });
  const { value, receipt } = await gate.run(file, goal);
  const transcript = value as Transcript;
  const expected = JSON.parse(
    readFileSync(sharedFile(context, "parity/whisper-tiny-random/expected.json"), "utf8"),
  ) as Expected; // the parity folder's own form, see its README
  const wanted = expected.openai_transcribe["jfk"]!.words.segments.filter(({ text }) => text.trim() !== "");
  expect(transcript.segments.map(({ text, tokens }) => [text, tokens])).toEqual(
    wanted.map(({ text, ids }) => [text, ids]),
  );
  expect(transcript.recogniser.model).toBe("tiny");
  expect(receipt.degradations).toEqual([
    { step: "audio-transcribe", what: "tiny", reason: expect.stringContaining('"absent"') as string },
  ]);
  const used = receipt.steps.find(({ id }) => id === "audio-transcribe")?.models?.[0];
  expect(used).toMatchObject({ model: "tiny", backend: "onnx", device: "cpu" });
  expect(receipt.steps.find(({ id }) => id === "audio-transcribe")?.coverage).toEqual([
    { measure: "second", done: 11, of: 11 },
  ]);
});

test("whoever gives up does not wait for the window, and the next one is served", async (context) => {
  const gate = await openWhisperGate(context);
  const file = () => new Blob([readFileSync(sharedFile(context, "samples/jfk.wav"))], { type: "audio/wav" });
  const abort = new AbortController();
  const given = gate.run(file(), goal, { signal: abort.signal });
  given.catch(() => undefined);
  abort.abort();
  await expect(given).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  const { value } = await gate.run(file(), goal);
  expect((value as Transcript).durationSeconds).toBe(11);
});
