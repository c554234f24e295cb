// Whisper as a model host runs it: our backend, our program. Argument: a WhisperSetup as JSON.
import { openAsBlob } from "node:fs";
import { dirname, join } from "node:path";
import onnx from "@stargate/adapter-onnx";
import type { LoadedModel, ModelPart } from "@stargate/kernel";
import { InferenceSession } from "onnxruntime-node";
import { computeLogMel } from "../../../packages/adapters/audio/src/whisper/features/log-mel.ts";
import { whisperProgram } from "../../../packages/adapters/audio/src/whisper/program/whisper-program.ts";
import type { WindowRequestInput } from "../../../packages/adapters/audio/src/whisper/program/window-request.ts";
import { speechWindows } from "../recordings.ts";
import type { WhisperOrder, WhisperReport, WhisperSetup } from "../whisper-process.ts";
import { answerOrders } from "./answer-orders.ts";
import { type SessionClass, watchSessions } from "./watch-sessions.ts";

const MELS = 80;
const FRAMES = 3000;
const WINDOW_SAMPLES = 480_000;
const REACH_SAMPLES = 200;

const setup = JSON.parse(process.argv[2] ?? "") as WhisperSetup; // the bench wrote it
const { signal } = new AbortController();
const sessionTimes = watchSessions(InferenceSession as unknown as SessionClass); // an interface and a class in one
const [backend] = onnx({ intraOpNumThreads: setup.threads }).backends ?? [];
const samples = await speechWindows(setup.speech, setup.windows);
const parts = { encoder: await load(setup.encoder), decoder: await load(setup.decoder) };
const tokenizer = join(dirname(dirname(setup.encoder)), "tokenizer.json");
const context = { parts, files: { "tokenizer.json": await openAsBlob(tokenizer) }, options: {}, signal };

async function load(path: string): Promise<ModelPart> {
  if (backend === undefined) throw new RangeError("There is no backend");
  const files = { "model.onnx": await openAsBlob(path) };
  // A model that is one file is a part as well.
  return (await backend.load({ id: path, format: "onnx", files }, { signal })) as LoadedModel & ModelPart;
}

async function transcribe({ batch, maxTokens, timestamps }: WhisperOrder): Promise<WhisperReport> {
  sessionTimes();
  const startedMs = performance.now();
  let featuresMs = 0;
  const tokens: (readonly number[])[] = [];
  for (let first = 0; first < setup.windows; first += batch) {
    const featuresStartedMs = performance.now();
    const data = new Float32Array(batch * FRAMES * MELS);
    const maxima = Array.from({ length: batch }, (_, place) => writeFrames(first + place, data, place));
    featuresMs += performance.now() - featuresStartedMs;
    const request: WindowRequestInput = {
      windows: maxima.map((maximum) => ({ contentFrames: FRAMES, maximum })),
      language: "en",
      timestamps,
      maxTokens,
      compressionRatioThreshold: null,
      logprobThreshold: null,
      noSpeechThreshold: null,
    };
    const { results } = await whisperProgram.run(
      {
        log_mel: { dtype: "float32", shape: [batch, FRAMES, MELS], data },
        request: { dtype: "string", shape: [1], data: [JSON.stringify(request)] },
      },
      context,
    );
    const texts = (results?.data ?? []) as readonly string[]; // what the program promises
    for (const text of texts) tokens.push((JSON.parse(text) as { readonly tokens: readonly number[] }).tokens);
  }
  return { totalMs: performance.now() - startedMs, featuresMs, ...sessionTimes(), tokens };
}

/** Frames of a window alone, mirrored at both ends as transformers.js has them; gives the largest value. */
function writeFrames(window: number, data: Float32Array, place: number): number {
  const own = samples.subarray(window * WINDOW_SAMPLES, (window + 1) * WINDOW_SAMPLES);
  const padded = new Float32Array(WINDOW_SAMPLES + 2 * REACH_SAMPLES);
  padded.set(own, REACH_SAMPLES);
  for (let index = 1; index <= REACH_SAMPLES; index++) {
    padded[REACH_SAMPLES - index] = own[index] ?? 0;
    padded[REACH_SAMPLES + WINDOW_SAMPLES + index - 1] = own[WINDOW_SAMPLES - 1 - index] ?? 0;
  }
  const values = computeLogMel(padded, MELS).values.subarray(0, FRAMES * MELS);
  data.set(values, place * FRAMES * MELS);
  return values.reduce((most, value) => Math.max(most, value), -10);
}

answerOrders(transcribe);
