import { computeLogMel } from "../../../packages/adapters/audio/src/whisper/features/log-mel.ts";
import { type BenchResult, result } from "../../support/result.ts";
import { takeTurns } from "../../support/take-turns.ts";
import { openPythonFeatures } from "../python-features.ts";
import { speechWindows } from "../recordings.ts";
import type { AudioMeasure } from "./measure.ts";

/** A sixth of the hour, whose time is multiplied: rounds on a shared machine are to be short. */
const MINUTES = 10;
const PARTS = 60 / MINUTES;
const SAMPLES_PER_MINUTE = 60 * 16_000;
const ROUNDS = 3;

/** An hour of sound as log-mel frames on one thread, a minute at a time as the transcription does it. */
export const measureLogMel: AudioMeasure = async ({ speech }, note) => {
  const minute = (await speechWindows(speech, 2)).slice(0, SAMPLES_PER_MINUTE);
  const results: BenchResult[] = [];
  await using python = await openPythonFeatures(minute, note);
  for (const mels of [80, 128]) {
    note(`log-mel: ${mels} bands`);
    const ours = async (): Promise<void> => {
      for (let done = 0; done < MINUTES; done++) computeLogMel(minute, mels);
    };
    const peers = python.libraries.map((library) => ({
      name: library,
      run: () => python.compute({ library, mels, minutes: MINUTES }),
    }));
    const times = await takeTurns([{ name: "ours", run: ours }, ...peers], { rounds: ROUNDS });
    const own = times["ours"] ?? { medianMs: Number.NaN, bestMs: Number.NaN };
    results.push(
      result(`log-mel of 1 h, ${mels} bands, one thread, median`, own.medianMs * PARTS, "ms", { goal: "<= 2000" }),
      result(`log-mel of 1 h, ${mels} bands, best round`, own.bestMs * PARTS, "ms"),
    );
    for (const library of python.libraries) {
      const { medianMs, bestMs } = times[library] ?? own;
      results.push(
        result(`log-mel, ${mels} bands: time over ${library}'s, medians`, own.medianMs / medianMs, "x"),
        result(`log-mel, ${mels} bands: best rounds`, own.bestMs * PARTS, "ms", { baseline: bestMs * PARTS }),
      );
    }
  }
  return results;
};
