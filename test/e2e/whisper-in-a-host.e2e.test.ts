import type { Transcript } from "@stargate/kernel";
import { expect, test } from "vitest";
import { askedOfWhisper, expectedOfJfk, jfkRecording, openWhisperGate } from "../support/whisper-gate.ts";

const goal = { to: "transcript", with: { "audio.transcribe": askedOfWhisper } } as const;

test("a recording goes down the ladder to the model that is there, through a process, token for token", async (context) => {
  const { gate } = await openWhisperGate(context, { ladder: ["absent", "tiny"] });
  const { value, receipt } = await gate.run(jfkRecording(context), goal);
  const transcript = value as Transcript;
  expect(transcript.segments.map(({ text, tokens }) => ({ text, tokens }))).toEqual(expectedOfJfk(context));
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
  const { gate } = await openWhisperGate(context, { ladder: ["absent", "tiny"] });
  const abort = new AbortController();
  const given = gate.run(jfkRecording(context), goal, { signal: abort.signal });
  given.catch(() => undefined);
  abort.abort();
  await expect(given).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  const { value } = await gate.run(jfkRecording(context), goal);
  expect((value as Transcript).durationSeconds).toBe(11);
});
