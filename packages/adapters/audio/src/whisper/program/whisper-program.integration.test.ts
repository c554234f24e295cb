import { describe, expect, test, type TestContext } from "vitest";
import { openWhisper } from "../../../test/open-whisper.ts";
import { inPieces } from "../../../test/recordings.ts";
import { readExpected, readRecording } from "../../../test/whisper-parity.ts";
import { computeLogMel } from "../features/log-mel.ts";
import { createMelStream } from "../features/mel-stream.ts";

const names = ["jfk", "jfk_reversed", "noise8"];

/** A recording of less than 30 s, followed by silence up to there, as the reference was given it. */
async function windowOf(context: TestContext, name: string) {
  const stream = createMelStream(inPieces(readRecording(context, name), 16_000), 80, async (piece) =>
    computeLogMel(piece, 80),
  );
  await stream.fill(Infinity);
  const values = new Float32Array(3000 * 80).fill(-10);
  values.set(stream.slice(0, 3000));
  return { values, window: { contentFrames: 3000, maximum: stream.maximum } };
}

const places = [
  ["merged decoder", { layout: "merged" }],
  ["decoder in two graphs", { layout: "split" }],
  ["merged decoder, apart from the encoder", { layout: "merged", isSplit: true }],
] as const;

describe.for(places)("the parity model with a %s", ([, place]) => {
  test("says the same tokens as openai/whisper, one window at a time and side by side", async (context) => {
    const expected = readExpected(context).openai_decode;
    const windows = await Promise.all(names.map((name) => windowOf(context, name)));
    for (const kind of ["timestamps", "no_timestamps"] as const) {
      const whisper = openWhisper(context, { timestamps: kind === "timestamps" }, place);
      const together = await whisper.decode(windows, { language: "en" });
      const [alone] = await whisper.decode(windows.slice(1, 2), { language: "en" });
      expect(alone!.tokens).toEqual(together[1]!.tokens);
      for (const [index, name] of names.entries()) {
        const wanted = expected[name]![kind];
        const { tokens, text, ...numbers } = together[index]!;
        // The reference spells out languages that the random model says in the middle of a text.
        const spoken = wanted.text.replaceAll(/<\|\w+\|>/g, "");
        expect({ name, tokens, text }).toEqual({ name, tokens: wanted.ids, text: spoken });
        expect(numbers.avgLogprob).toBeCloseTo(wanted.avg_logprob, 3);
        expect(numbers.noSpeechProb).toBeCloseTo(wanted.no_speech_prob, 4);
        // Node.js brings a zlib that finds other repetitions than the one of Python: a byte more or less.
        expect(Math.abs(numbers.compressionRatio / wanted.compression_ratio - 1)).toBeLessThan(0.05);
      }
    }
  });

  test("tells the language with the probability of the reference", async (context) => {
    const whisper = openWhisper(context, { maxTokens: 1 }, place);
    for (const name of names.slice(0, 2)) {
      const [result] = await whisper.decode([await windowOf(context, name)], { language: undefined });
      const { top, openai_language } = readExpected(context).detect_language[name]!;
      expect(result!.language).toBe(openai_language);
      expect(result!.languageProbability).toBeCloseTo(top[0]![1], 4);
    }
  });

  test("tells the language of a short window as of a recording followed by silence", async (context) => {
    const whisper = openWhisper(context, { maxTokens: 1 }, place);
    const { values, window } = await windowOf(context, "jfk");
    const [short] = await whisper.decode([{ values, window: { ...window, contentFrames: 1100 } }], {
      language: undefined,
    });
    const { top, openai_language } = readExpected(context).detect_language["jfk"]!;
    expect(short!.language).toBe(openai_language);
    expect(short!.languageProbability).toBeCloseTo(top[0]![1], 4);
  });
});
