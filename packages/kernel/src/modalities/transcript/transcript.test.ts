import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStargateError } from "../../errors/stargate-error.ts";
import { transcript } from "../index.ts";
import type { Transcript } from "./transcript-schema.ts";

const words = [
  { text: "Ask", startSeconds: 0.1, endSeconds: 0.4, probability: 0.9 },
  { text: "not", startSeconds: 0.4, endSeconds: 0.8, probability: 0.8 },
];
const spoken: Transcript = {
  text: "Ask not what --> your country can do",
  language: "en",
  task: "transcribe",
  durationSeconds: 3700,
  segments: [
    { startSeconds: 0, endSeconds: 1.5, text: " Ask not", words, tokens: [12, 13], avgLogprob: -0.25 },
    { startSeconds: 1.5, endSeconds: 3.0004, text: "what --> your\tcountry", windowStartSeconds: 1.5 },
    { startSeconds: 3661.0625, endSeconds: 3700, text: "can do\n\n\nfor you" },
  ],
  recogniser: { name: "whisper", quality: 1, model: "whisper-tiny.en" },
};
const context = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const written = async (mediaType: string, value = spoken): Promise<string> =>
  (await transcript.codecs[mediaType]?.encode?.(value, context)) as string;
const decode = async (value: unknown): Promise<unknown> => {
  try {
    return await transcript.codecs["application/json"]?.decode?.(new Blob([JSON.stringify(value)]), context);
  } catch (error) {
    return isStargateError(error) ? `${error.code}: ${error.message}` : error;
  }
};

describe("transcript", () => {
  it("travels as JSON and back, and is recognised by it", async () => {
    const json = await written("application/json");
    expect(await decode(JSON.parse(json))).toEqual(spoken);
    expect(transcript.sniff?.(new TextEncoder().encode(json), json.length)?.confidence).toBe(0.6);
  });

  it("is text", async () => {
    expect(await written("text/plain")).toBe("Ask not what --> your country can do\n");
  });

  it("is WebVTT, with hours where there are any, and no arrow in the text", async () => {
    expect(await written("text/vtt")).toBe(
      "WEBVTT\n\n00:00.000 --> 00:01.500\nAsk not\n\n00:01.500 --> 00:03.000\nwhat -> your\tcountry\n\n" +
        "01:01:01.063 --> 01:01:40.000\ncan do\nfor you\n\n",
    );
  });

  it("is SubRip, with hours always", async () => {
    expect(await written("application/x-subrip")).toBe(
      "1\n00:00:00,000 --> 00:00:01,500\nAsk not\n\n2\n00:00:01,500 --> 00:00:03,000\nwhat -> your\tcountry\n\n" +
        "3\n01:01:01,063 --> 01:01:40,000\ncan do\nfor you\n\n",
    );
  });

  it("names who speaks in subtitles: a voice span in WebVTT, a prefix in SubRip", async () => {
    const named = {
      ...spoken,
      segments: [
        { startSeconds: 0, endSeconds: 1, text: " Ask not", speaker: "Speaker 1" },
        { startSeconds: 1, endSeconds: 2, text: "what", speaker: "R&D <x>\n-->" },
      ],
    };
    expect(await written("text/vtt", named)).toBe(
      "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Speaker 1>Ask not\n\n00:01.000 --> 00:02.000\n<v R&amp;D &lt;x&gt; -&gt;>what\n\n",
    );
    expect(await written("application/x-subrip", named)).toContain(
      "1\n00:00:00,000 --> 00:00:01,000\nSpeaker 1: Ask not\n\n2\n",
    );
    const verbose = JSON.parse(await written("application/vnd.openai.transcription.verbose+json", named)) as object;
    expect(verbose).toMatchObject({ segments: [{ speaker: "Speaker 1" }, {}] });
  });

  it("is tab-separated, in whole milliseconds", async () => {
    expect(await written("text/tab-separated-values")).toBe(
      "start\tend\ttext\n0\t1500\tAsk not\n1500\t3000\twhat --> your country\n3661063\t3700000\tcan do for you\n",
    );
  });

  it("is OpenAI's json and verbose_json", async () => {
    expect(JSON.parse(await written("application/vnd.openai.transcription+json"))).toEqual({ text: spoken.text });
    expect(JSON.parse(await written("application/vnd.openai.transcription.verbose+json"))).toMatchObject({
      task: "transcribe",
      language: "english",
      duration: 3700,
      text: spoken.text,
      segments: [
        { id: 0, seek: 0, start: 0, end: 1.5, text: " Ask not", tokens: [12, 13], avg_logprob: -0.25 },
        { id: 1, seek: 150, temperature: 0, compression_ratio: 0, no_speech_prob: 0 },
        { id: 2 },
      ],
      words: [
        { word: "Ask", start: 0.1, end: 0.4 },
        { word: "not", start: 0.4, end: 0.8 },
      ],
    });
  });

  it("says how long, in which language and by whom", () => {
    expect(transcript.measureOf(spoken)).toBe(3700);
    expect(transcript.describe(spoken)).toEqual({
      durationSeconds: 3700,
      language: "en",
      segments: 3,
      characters: 36,
      recogniser: "whisper",
      quality: 1,
    });
  });
});

describe("times of a transcript", () => {
  const timed = (spans: readonly (readonly [number, number])[]) => ({
    ...spoken,
    durationSeconds: 10,
    segments: spans.map(([startSeconds, endSeconds]) => ({ startSeconds, endSeconds, text: "a" })),
  });
  const worded = (spans: readonly (readonly [number, number])[]) => ({
    ...timed([]),
    segments: spans.map(([startSeconds, endSeconds]) => ({
      startSeconds: 0,
      endSeconds: 10,
      text: "a",
      words: [{ text: "a", startSeconds, endSeconds }],
    })),
  });

  it.each([
    ["starts run backwards", timed([[5, 6], [4, 7]]), "segments[1]: starts before the one before it (4-7 s)"], // prettier-ignore
    ["ends run backwards", timed([[5, 8], [6, 7]]), "ends before the one before it"], // prettier-ignore
    ["a segment ends before it starts", timed([[5, 4]]), "ends before it starts"],
    ["a segment passes the end", timed([[5, 10.01]]), "passes the end of the recording at 10 s"],
    ["words of two segments run backwards", worded([[5, 6], [4, 7]]), "segments[1].words[0]: starts before"], // prettier-ignore
    ["a word takes no time", worded([[5, 5]]), "does not end after it starts"],
    ["a word passes the end", worded([[9, 11]]), "passes the end of the recording at 10 s"],
  ])("are refused when %s", async (_what, value, message) => {
    expect(await decode(value)).toMatch(/^SG_INPUT_INVALID: Not a valid transcript/);
    expect(await decode(value)).toContain(message);
  });

  it("are accepted in any order that keeps the rules", async () => {
    const spans = fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { maxLength: 20 }).map((pairs) => {
      const starts = pairs.map(([start]) => start / 10).toSorted((a, b) => a - b);
      const ends = pairs.map(([, end]) => end / 10).toSorted((a, b) => a - b);
      return starts.map((start, index) => [Math.min(start, ends[index] ?? start), ends[index] ?? start] as const);
    });
    await fc.assert(
      fc.asyncProperty(spans, async (pairs) => {
        expect(await decode(timed(pairs))).toEqual(timed(pairs));
      }),
    );
  });
});
