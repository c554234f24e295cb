import { describe, expect, test, type TestContext } from "vitest";
import { openWhisper } from "../../../test/open-whisper.ts";
import { inPieces } from "../../../test/recordings.ts";
import { readExpected, readRecording } from "../../../test/whisper-parity.ts";
import { computeLogMel } from "../features/log-mel.ts";
import { createMelStream } from "../features/mel-stream.ts";
import { seekWindows } from "./seek-windows.ts";
import type { HeardSegment } from "./heard-segment.ts";

const kinds = [
  ["independent", { conditionOnPreviousText: false }, false],
  ["condition_on_previous", { conditionOnPreviousText: true }, false],
  ["words", { conditionOnPreviousText: false }, true],
] as const;

async function transcribe(
  context: TestContext,
  name: string,
  isSplit: boolean,
  [, options, words]: (typeof kinds)[number],
) {
  const whisper = openWhisper(context, { words }, { isSplit });
  const mel = createMelStream(inPieces(readRecording(context, name), 80_000), 80, async (piece) =>
    computeLogMel(piece, 80),
  );
  const segments: HeardSegment[] = [];
  const windows = seekWindows(mel, (inputs, { language }) => whisper.decode(inputs, { language }), {
    language: "en",
    promptText: "",
    endOfText: 50_257,
    lookAheadFrames: 12_000,
    ...options,
  });
  for await (const window of windows) segments.push(...window.segments);
  return segments;
}

const rounded = (value: number): number => Number(value.toFixed(4));

const recordings = [
  ["jfk", "as one model", false],
  ["noise8", "as one model", false],
  ["long75", "as one model", false],
  ["long75", "encoder and decoder apart", true],
] as const;

describe.for(recordings)("%s, %s", ([name, , isSplit]) => {
  test.for(kinds)("is transcribed as by openai/whisper: %s", async (kind, context) => {
    const wanted = readExpected(context).openai_transcribe[name]![kind[0]].segments;
    const segments = await transcribe(context, name, isSplit, kind);
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
