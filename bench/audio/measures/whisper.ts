import { join } from "node:path";
import { type BenchResult, result } from "../../support/result.ts";
import { median } from "../../support/statistics.ts";
import { whisperFiles } from "../model/whisper-files.ts";
import { startWhisper, type WhisperReport } from "../whisper-process.ts";
import type { AudioMeasure } from "./measure.ts";

const WINDOWS = 4;
const ROUNDS = 5;
const MAX_TOKENS = 100;

/** Where the time of a window goes, with timestamps, as recordings are transcribed. */
export const measureWhisper: AudioMeasure = async ({ shared, speech }, note) => {
  const files = await whisperFiles(join(shared, "parity/whisper-tiny-random"), note);
  await using whisper = await startWhisper("our-whisper.ts", {
    ...files,
    speech,
    windows: WINDOWS,
    threads: 1,
    packages: "",
  });
  const results: BenchResult[] = [];
  const reports = new Map<number, WhisperReport[]>([
    [1, []],
    [WINDOWS, []],
  ]);
  for (let round = -1; round < ROUNDS; round++)
    for (const [batch, kept] of reports) {
      note(`whisper: round ${round + 1} of ${ROUNDS}, ${batch} windows side by side`);
      const report = await whisper.transcribe({ batch, maxTokens: MAX_TOKENS, timestamps: true });
      if (round >= 0) kept.push(report);
    }
  for (const [batch, all] of reports) {
    const of = (pick: (report: WhisperReport) => number): number => median(all.map(pick)) / WINDOWS;
    const label = `window of 30 s, ${MAX_TOKENS} tokens, ${batch} at once`;
    results.push(
      result(`${label}: all`, of(modelMs), "ms"),
      result(
        `${label}: encoder`,
        of(({ encoderMs }) => encoderMs),
        "ms",
      ),
      result(
        `${label}: first step of the decoder`,
        of(({ firstMs }) => firstMs),
        "ms",
      ),
      result(
        `${label}: later steps`,
        of(({ stepsMs }) => stepsMs),
        "ms",
      ),
      result(`${label}: outside session.run`, of(overheadMs), "ms"),
      result(
        `${label}: log-mel, in a worker meanwhile`,
        of(({ featuresMs }) => featuresMs),
        "ms",
      ),
      result(`${label}: share outside session.run, median`, median(all.map(share)), "%", { goal: "<= 5" }),
      result(`${label}: share outside session.run, best round`, Math.min(...all.map(share)), "%"),
    );
  }
  return results;
};

const modelMs = ({ totalMs, featuresMs }: WhisperReport): number => totalMs - featuresMs;
const overheadMs = (report: WhisperReport): number =>
  modelMs(report) - report.encoderMs - report.firstMs - report.stepsMs;
const share = (report: WhisperReport): number => (100 * overheadMs(report)) / modelMs(report);
