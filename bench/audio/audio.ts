import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "../support/result.ts";
import { runAll } from "../support/run-all.ts";
import { measureAbort } from "./measures/abort.ts";
import { measureDecoding } from "./measures/decoding.ts";
import { measureFirstSegment } from "./measures/first-segment.ts";
import { measureLogMel } from "./measures/log-mel.ts";
import type { AudioMeasure } from "./measures/measure.ts";
import { measureSpeechDetection } from "./measures/speech-detection.ts";
import { measureTransformers } from "./measures/transformers.ts";
import { measureWhisper } from "./measures/whisper.ts";

const shared = process.env["STARGATE_SHARED"] ?? new URL("../../../shared", import.meta.url).pathname;

/** STARGATE_BENCH_ROWS names the parts to run ("decoding,log-mel"); all of them by default. */
const measures: Readonly<Record<string, AudioMeasure>> = {
  decoding: measureDecoding,
  "log-mel": measureLogMel,
  "speech-detection": measureSpeechDetection,
  whisper: measureWhisper,
  transformers: measureTransformers,
  "first-segment": measureFirstSegment,
  abort: measureAbort,
};

/** Recordings to sound, to speech, to text. Whisper has random weights in the shape of whisper-tiny. */
export const audioSuite: Suite = {
  name: "audio",
  async run(note) {
    const speech = join(shared, "samples/jfk.wav");
    if (!existsSync(speech)) {
      note(`skipped: ${speech} is absent; STARGATE_SHARED says where samples, models and parity lie`);
      return [];
    }
    const named = process.env["STARGATE_BENCH_ROWS"]?.split(",") ?? Object.keys(measures);
    const chosen = named.flatMap((name) => measures[name] ?? []);
    return runAll(
      chosen.map((measure) => (tell) => measure({ shared, speech }, tell)),
      note,
    );
  },
};
