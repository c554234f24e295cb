import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStargateError } from "../../errors/stargate-error.ts";
import { speakerTurns } from "../index.ts";
import type { SpeakerTurns } from "./speaker-turns-schema.ts";

const meeting: SpeakerTurns = {
  durationSeconds: 12,
  diariser: "test",
  turns: [
    { startSeconds: 0.25, endSeconds: 6, speaker: "Ada", confidence: 0.75 },
    { startSeconds: 4, endSeconds: 5, speaker: "Speaker 2" },
    { startSeconds: 6, endSeconds: 12, speaker: "Ada" },
  ],
};
const context = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const encode = async (mediaType: string, value = meeting): Promise<string> =>
  (await speakerTurns.codecs[mediaType]?.encode?.(value, context)) as string;
const decode = async (mediaType: string, text: string): Promise<unknown> => {
  try {
    return await speakerTurns.codecs[mediaType]?.decode?.(new Blob([text]), context);
  } catch (error) {
    return isStargateError(error) ? `${error.code}: ${error.message}` : error;
  }
};
const sniff = (text: string) => speakerTurns.sniff?.(new TextEncoder().encode(text), text.length);

describe("speaker-turns", () => {
  it("travel as JSON and back, and are recognised by it", async () => {
    const json = await encode("application/json");
    expect(await decode("application/json", json)).toEqual(meeting);
    expect(sniff(json)).toEqual({ mediaType: "application/json", confidence: 0.6 });
    expect(sniff('{"turns": 3}')).toBeUndefined();
  });

  it("are RTTM, which has no spaces in names", async () => {
    const rttm = await encode("text/x-rttm");
    expect(rttm).toBe(
      "SPEAKER recording 1 0.250 5.750 <NA> <NA> Ada 0.750 <NA>\n" +
        "SPEAKER recording 1 4.000 1.000 <NA> <NA> Speaker_2 <NA> <NA>\n" +
        "SPEAKER recording 1 6.000 6.000 <NA> <NA> Ada <NA> <NA>\n",
    );
    expect(sniff(rttm)).toEqual({ mediaType: "text/x-rttm", confidence: 0.8 });
  });

  it("are read from RTTM of any order; what one speaker says without a break is one turn", async () => {
    const rttm =
      "; a comment\nSPEAKER a 1 6 6 <NA> <NA> Ada <NA> <NA>\r\nSPEAKER a 1 4.0 1.0 <NA> <NA> Bo <NA> <NA>\n" +
      "SPKR-INFO a 1 <NA> <NA> <NA> unknown Ada <NA>\nSPEAKER a 1 0.25 5.75 <NA> <NA> Ada 0.5 <NA>\n";
    expect(await decode("text/x-rttm", rttm)).toEqual({
      durationSeconds: 12,
      diariser: "rttm",
      turns: [
        { startSeconds: 0.25, endSeconds: 12, speaker: "Ada", confidence: 0.5 },
        { startSeconds: 4, endSeconds: 5, speaker: "Bo" },
      ],
    });
  });

  it.each([
    ["SPEAKER a 1 x 1 <NA> <NA> Ada <NA> <NA>", "Line 1 is no SPEAKER line of RTTM"],
    ["SPEAKER a 1 1 0 <NA> <NA> Ada <NA> <NA>", "Line 1 is no SPEAKER line of RTTM"],
    ["SPEAKER a 1 1 1", "Line 1 is no SPEAKER line of RTTM"],
    ["SPEAKER a 1 1 1 x x Ada\nSPEAKER b 1 1 1 x x Ada", 'Line 2 is about "b", those before it about "a"'],
  ])("are refused when a line of RTTM is %j", async (rttm, message) => {
    expect(await decode("text/x-rttm", rttm)).toContain(`SG_INPUT_INVALID: ${message}`);
  });

  it("say how many speakers there are in how many seconds", () => {
    expect(speakerTurns.describe(meeting)).toEqual({ durationSeconds: 12, diariser: "test", turns: 3, speakers: 2 });
    expect(speakerTurns.measureOf(meeting)).toBe(12);
  });

  it.each([
    ["run backwards", [3, 4, "a"], [1, 2, "b"], "turns[1]: takes no time, passes the end or starts too early"],
    ["take no time", [0, 1, "a"], [2, 2, "b"], "(2-2 s)"],
    ["pass the end", [0, 1, "a"], [2, 12.01, "b"], "(2-12.01 s)"],
    ["are of one speaker twice at a time", [0, 3, "a"], [2, 4, "a"], "turns[1]: "],
  ] as const)("are refused when they %s", async (_how, one, other, message) => {
    const turns = [one, other].map(([startSeconds, endSeconds, speaker]) => ({ startSeconds, endSeconds, speaker }));
    const refused = await decode("application/json", JSON.stringify({ ...meeting, turns }));
    expect(refused).toMatch(/^SG_INPUT_INVALID: /);
    expect(refused).toContain(message);
  });

  it("keep times and speakers through RTTM, to the millisecond", async () => {
    const turns = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 }), fc.nat(3)), {
        minLength: 1,
        maxLength: 20,
      })
      .map((steps) => {
        let at = 0;
        return steps.map(([gap, length, speaker]) => {
          const startSeconds = (at + gap) / 1000;
          at += gap + length;
          return { startSeconds, endSeconds: at / 1000, speaker: `s${speaker}` };
        });
      });
    await fc.assert(
      fc.asyncProperty(turns, async (made) => {
        const durationSeconds = made.at(-1)?.endSeconds ?? 0;
        const rttm = await encode("text/x-rttm", { durationSeconds, diariser: "test", turns: made });
        const read = (await decode("text/x-rttm", rttm)) as SpeakerTurns;
        expect(read.turns.map(({ speaker }) => speaker)).toEqual(made.map(({ speaker }) => speaker));
        for (const [index, { startSeconds, endSeconds }] of read.turns.entries()) {
          expect(startSeconds).toBeCloseTo(made[index]?.startSeconds ?? -1, 6);
          expect(endSeconds).toBeCloseTo(made[index]?.endSeconds ?? -1, 6);
        }
      }),
    );
  });
});
