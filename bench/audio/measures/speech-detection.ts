import { openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import audio from "@stargate/adapter-audio";
import onnx from "@stargate/adapter-onnx";
import { computeConfigSchema, createModelStore, openComputePlane } from "@stargate/compute";
import { createPortableHost, openGate, type SpeechSegments } from "@stargate/kernel";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { type BenchResult, result } from "../../support/result.ts";
import { takeTurns } from "../../support/take-turns.ts";
import { writeRecording } from "../recordings.ts";
import type { AudioMeasure } from "./measure.ts";

const SECONDS = 600;
const ROUNDS = 7;
const WINDOWS = (SECONDS * 16_000) / 512;
const FILE = "silero_vad_16k_op15.onnx";

/** Ten minutes of speech through the detector, its model in a process of the compute plane, against a bare session. */
export const measureSpeechDetection: AudioMeasure = async ({ shared, speech }, note) => {
  note("speech detection");
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-audio-"));
  const models = join(shared, "models");
  const { clock, log } = createPortableHost();
  const store = createModelStore({ folder: join(folder, "models"), folders: [models], policy: {}, clock });
  const plane = await openComputePlane({
    config: computeConfigSchema.parse({}),
    store,
    clock,
    idleClock: clock,
    log,
    folder,
  });
  const gate = await openGate({ adapters: [onnx(), audio()], host: createPortableHost({ compute: plane }) });
  try {
    const path = join(folder, "speech.wav");
    await writeRecording(speech, path, { seconds: SECONDS, parameters: ["-ar", "16000", "-ac", "1"] });
    let segments = 0;
    const ours = async (): Promise<void> => {
      const { value } = await gate.run(await openAsBlob(path), { to: "speech-segments" });
      segments = (value as SpeechSegments).segments.length; // what the modality holds
    };
    const bare = await openBareDetector(join(models, FILE));
    const times = await takeTurns(
      [
        { name: "ours", run: ours },
        { name: "bare", run: bare },
      ],
      { rounds: ROUNDS },
    );
    const factor = (ms: number): number => ms / 1000 / SECONDS;
    const results: BenchResult[] = [
      result("speech detection: time over the sound's, median", factor(times.ours.medianMs), "x", {
        goal: "<= 0.01",
        baseline: factor(times.bare.medianMs),
      }),
      result("speech detection: the same, best round", factor(times.ours.bestMs), "x", {
        baseline: factor(times.bare.bestMs),
      }),
      result(
        "speech detection: over a bare session in a loop, best rounds",
        times.ours.bestMs / times.bare.bestMs,
        "x",
      ),
      result(`speech detection: segments in ${SECONDS} s`, segments, "segments"),
    ];
    return results;
  } finally {
    await gate.close();
    await plane[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
};

/** The same number of windows in ONNX Runtime on this thread, state and context fed back, nothing else. */
async function openBareDetector(path: string): Promise<() => Promise<void>> {
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const input = new Tensor("float32", new Float32Array(576), [1, 576]);
  const sr = new Tensor("int64", BigInt64Array.of(16_000n), []);
  return async () => {
    let state = new Tensor("float32", new Float32Array(256), [2, 1, 128]);
    for (let window = 0; window < WINDOWS; window++) {
      const { stateN } = await session.run({ input, state, sr });
      if (stateN !== undefined) state = stateN as typeof state; // of the same type as it was given
    }
  };
}
