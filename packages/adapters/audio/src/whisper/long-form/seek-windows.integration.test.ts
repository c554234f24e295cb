import { describe, expect, test, type TestContext } from "vitest";
import { openWhisper } from "../../../test/open-whisper.ts";
import { inPieces } from "../../../test/recordings.ts";
import { readExpected, readRecording } from "../../../test/whisper-parity.ts";
import { computeLogMel } from "../features/log-mel.ts";
import { createMelStream } from "../features/mel-stream.ts";
import { type SeekOptions, seekWindows } from "./seek-windows.ts";
import type { HeardSegment } from "./heard-segment.ts";

const kinds = [
  ["independent", { conditionOnPreviousText: false }, false],
  ["condition_on_previous", { conditionOnPreviousText: true }, false],
  ["words", { conditionOnPreviousText: false }, true],
] as const;

async function transcribe(context: TestContext, name: string, options: Partial<SeekOptions>, words: boolean) {
  const whisper = openWhisper(context, { words });
  const mel = createMelStream(inPieces(readRecording(context, name), 80_000), 80, async (piece) =>
    computeLogMel(piece, 80),
  );
  const segments: HeardSegment[] = [];
  const windows = seekWindows(mel, (inputs, { language }) => whisper.decode(inputs, { language }), {
    language: "en",
    promptText: "",
    conditionOnPreviousText: true,
    endOfText: 50_257,
    lookAheadFrames: 12_000,
    ...options,
  });
  for await (const window of windows) segments.push(...window.segments);
  return segments;
}

const rounded = (value: number): number => Number(value.toFixed(4));

describe.for(["jfk", "noise8", "long75"])("%s", (name) => {
  test.for(kinds)("is transcribed as by openai/whisper: %s", async ([kind, options, words], context) => {
    const wanted = readExpected(context).openai_transcribe[name]![kind].segments;
    const segments = await transcribe(context, name, options, words);
    expect(
      segments.map(({ seek, start, end, tokens, text }) => [seek, rounded(start), rounded(end), tokens, text]),
    ).toEqual(wanted.map(({ seek, start, end, ids, text }) => [seek, rounded(start), rounded(end), ids, text]));
    for (const [index, segment] of segments.entries()) {
      expect(segment.avgLogprob).toBeCloseTo(wanted[index]!.avg_logprob, 3);
      expect(segment.words?.map((word) => [word.word, word.start, word.end])).toEqual(
        wanted[index]!.words?.map(([word, start, end]) => [word, start, end]),
      );
      const probabilities = wanted[index]!.words?.map(([, , , probability]) => probability) ?? [];
      const gaps = probabilities.map((value, at) => Math.abs(value - segment.words![at]!.probability));
      expect(Math.max(0, ...gaps)).toBeLessThan(1e-3);
    }
  });
});
