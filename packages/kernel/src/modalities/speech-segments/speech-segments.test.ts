import { describe, expect, it } from "vitest";
import { isStargateError } from "../../errors/stargate-error.ts";
import { speechSegments } from "../index.ts";
import type { SpeechSegments } from "./speech-segments.ts";

const found: SpeechSegments = {
  durationSeconds: 11,
  detector: "silero-vad",
  segments: [
    { startSeconds: 0.5, endSeconds: 2, probability: 0.9 },
    { startSeconds: 2, endSeconds: 11, probability: 0.75 },
  ],
};
const context = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const decode = async (value: unknown): Promise<unknown> => {
  try {
    return await speechSegments.codecs["application/json"]?.decode?.(new Blob([JSON.stringify(value)]), context);
  } catch (error) {
    return isStargateError(error) ? `${error.code}: ${error.message}` : error;
  }
};

describe("speech-segments", () => {
  it("travel as JSON and back, and are recognised by it", async () => {
    const written = (await speechSegments.codecs["application/json"]?.encode?.(found, context)) as string;
    expect(await decode(JSON.parse(written))).toEqual(found);
    expect(speechSegments.sniff?.(new TextEncoder().encode(written), written.length)?.confidence).toBe(0.6);
  });

  it("say how much speech there is in how many seconds", () => {
    expect(speechSegments.describe(found)).toEqual({ durationSeconds: 11, segments: 2, speechSeconds: 10.5 });
    expect(speechSegments.measureOf(found)).toBe(11);
  });

  it.each([
    ["overlap", [0, 3], [2, 4]],
    ["run backwards", [3, 4], [1, 2]],
    ["are empty", [0, 1], [2, 2]],
    ["pass the end", [0, 1], [2, 11.01]],
  ])("are refused when they %s", async (_how, ...spans) => {
    const segments = spans.map(([startSeconds, endSeconds]) => ({ startSeconds, endSeconds, probability: 0.5 }));
    expect(await decode({ ...found, segments })).toMatch(/^SG_INPUT_INVALID: .*segments/);
  });
});
