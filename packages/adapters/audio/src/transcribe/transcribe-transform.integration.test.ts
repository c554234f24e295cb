import type { TranscriptSegment } from "@stargate/kernel";
import { describe, expect, test } from "vitest";
import { noise } from "../../test/recordings.ts";
import { expectOrder, plain, silero, transcribe } from "../../test/run-transcribe.ts";
import { parityHalves, parityModel, readExpected, readRecording } from "../../test/whisper-parity.ts";
import { sileroModel } from "../vad/silero-model.ts";

const noiseOf = (seconds: number) => Float32Array.from(noise(seconds * 16_000, 7, 3), (value) => value / 32_768);

describe("audio.transcribe with the parity model", () => {
  test("gives the text of openai/whisper, with words in order, segment by segment", async (context) => {
    const samples = readRecording(context, "noise8");
    const { value, recorded } = await transcribe({ whisper: parityModel(context) }, samples, {
      ...plain,
      words: true,
      conditionOnPreviousText: false,
    });
    const wanted = readExpected(context).openai_transcribe["noise8"]!.words.segments;
    expect(value.segments.map(({ text }) => text)).toEqual(
      wanted.map(({ text }) => text).filter((text) => text.trim() !== ""),
    );
    expectOrder(value);
    expect(recorded.emitted.map(({ type, data }) => [type, (data as TranscriptSegment).text])).toEqual(
      value.segments.map(({ text }) => ["segment-end", text]),
    );
    expect(recorded.coverage.at(-1)).toEqual({ done: 8, of: 8 });
    expect(recorded.meter).toEqual([{ unit: "audio-second", quantity: 8 }]);
    expect(value).toMatchObject({ language: "en", task: "transcribe", durationSeconds: 8 });
    expect(value.recogniser).toEqual({ name: "whisper", quality: 1, model: "whisper" });
    expect(recorded.degradations).toEqual([]);
  });

  test("says nothing where nobody speaks", async (context) => {
    const models = { whisper: parityModel(context), [sileroModel.id]: silero(context) };
    const { value, recorded } = await transcribe(models, noiseOf(40), { ...plain, vad: true });
    expect([value.text, value.segments, value.durationSeconds]).toEqual(["", [], 40]);
    expect(recorded.coverage.at(-1)).toEqual({ done: 40, of: 40 });
  });

  test.for(["sequential", "batched"] as const)("finds speech between silences, %s", async (mode, context) => {
    const models = { whisper: parityModel(context), [sileroModel.id]: silero(context) };
    const jfk = readRecording(context, "jfk");
    const silence = new Float32Array(20 * 16_000);
    const samples = Float32Array.from([...silence, ...jfk, ...silence, ...jfk, ...silence]);
    const { value } = await transcribe(models, samples, { ...plain, vad: true, mode, lookAheadSeconds: 60 });
    const windows = [...new Set(value.segments.map(({ windowStartSeconds = 0 }) => Math.round(windowStartSeconds)))];
    expect(windows.every((start) => (start >= 20 && start < 31) || (start >= 51 && start < 62))).toBe(true);
    expect(windows.filter((start) => start < 31).length).toBeGreaterThan(0);
    expect(windows.filter((start) => start > 50).length).toBeGreaterThan(0);
    expectOrder(value);
  });

  test("announces that speech is not looked for when there is no detector", async (context) => {
    const { recorded } = await transcribe({ whisper: parityModel(context) }, noiseOf(1), {
      ...plain,
      vad: true,
      maxTokens: 3,
    });
    expect(recorded.degradations).toEqual([
      { what: "speech is not looked for before it is transcribed", reason: expect.stringContaining(sileroModel.id) },
    ]);
  });

  test("announces that times of words cannot be had of a model without attention", async (context) => {
    const models = { whisper: parityModel(context, "split") };
    const asked = { ...plain, words: true, maxTokens: 3 };
    const { recorded, value } = await transcribe(models, noiseOf(1), asked);
    expect(recorded.degradations).toEqual([{ what: "no times of words", reason: expect.any(String) }]);
    expect(value.segments.map(({ words }) => words)).toEqual([undefined]);
    await expect(transcribe(models, noiseOf(1), asked, { degrade: "never" })).rejects.toMatchObject({
      code: "SG_DEGRADE_REFUSED",
    });
  });

  test("takes the model beside it that can tell the times of words", async (context) => {
    const models = { whisper: parityModel(context, "split"), "whisper-words": parityModel(context) };
    const { value } = await transcribe(models, noiseOf(2), { ...plain, words: true, maxTokens: 5 });
    expect(value.recogniser.model).toBe("whisper-words");
    expect(value.segments[0]?.words?.length).toBeGreaterThan(0);
  });

  test("finds the language out, by its tag", async (context) => {
    const { value } = await transcribe({ whisper: parityModel(context) }, readRecording(context, "jfk"), {
      ...plain,
      language: undefined,
      maxTokens: 3,
    });
    expect(value.language).toBe("lb");
    expect(value.languageProbability).toBeGreaterThan(0.9);
  });

  test.for([
    ["of no kind", { language: "klingon" }],
    ["that Whisper does not know", { language: "eo" }],
  ] as const)("refuses a language %s and names those it knows", async ([, options], context) => {
    await expect(
      transcribe({ whisper: parityModel(context) }, noiseOf(1), { ...plain, ...options }),
    ).rejects.toMatchObject({
      code: "SG_AUDIO_LANGUAGE",
      hint: expect.stringContaining("en, zh, de"),
    });
  });

  test("an empty recording is an empty transcript", async (context) => {
    const { value, recorded } = await transcribe({ whisper: parityModel(context) }, new Float32Array(0), plain);
    expect([value.text, value.durationSeconds]).toEqual(["", 0]);
    expect(recorded.coverage.at(-1)).toEqual({ done: 0, of: 0 });
  });

  test("ends at once when it is cancelled", async (context) => {
    const abort = new AbortController();
    const running = transcribe({ whisper: parityModel(context) }, noiseOf(30), plain, { signal: abort.signal });
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  });
});

test("of two halves that are run apart, one that is not here leaves the rung to the next", async (context) => {
  const halves = parityHalves(context);
  const asked = { ...plain, maxTokens: 3 };
  const { value } = await transcribe(halves, noiseOf(1), asked, { split: true });
  expect(value.recogniser.model).toBe("whisper");
  for (const missing of Object.keys(halves)) {
    const { [missing]: _, ...left } = halves;
    await expect(transcribe(left, noiseOf(1), asked, { split: true })).rejects.toMatchObject({
      code: "SG_RUNG_UNAVAILABLE",
      message: expect.stringContaining(missing),
    });
  }
});

test("a model that is not here leaves the rung to the next", async () => {
  await expect(transcribe({}, noiseOf(1), plain)).rejects.toMatchObject({ code: "SG_RUNG_UNAVAILABLE" });
});
