// Whisper as transformers.js runs it, window by window, as its pipeline does. Argument: a WhisperSetup as JSON,
// whose `packages` is where it is installed.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { speechWindows } from "../recordings.ts";
import type { WhisperOrder, WhisperReport, WhisperSetup } from "../whisper-process.ts";
import { answerOrders } from "./answer-orders.ts";
import { type SessionClass, watchSessions } from "./watch-sessions.ts";

/** What is used of transformers.js. */
interface Transformers {
  readonly env: { localModelPath: string; allowRemoteModels: boolean };
  readonly WhisperForConditionalGeneration: { from_pretrained(name: string, options: object): Promise<Model> };
  readonly AutoProcessor: { from_pretrained(name: string): Promise<Processor> };
}
type Processor = (samples: Float32Array) => Promise<{ readonly input_features: unknown }>;
interface Model {
  generate(options: object): Promise<{ tolist(): (bigint | number)[][] }>;
}

const WINDOW_SAMPLES = 480_000;

const setup = JSON.parse(process.argv[2] ?? "") as WhisperSetup; // the bench wrote it
const installed = createRequire(join(setup.packages, "package.json"));
const { InferenceSession } = createRequire(installed.resolve("onnxruntime-node"))("onnxruntime-common") as {
  readonly InferenceSession: SessionClass;
};
const sessionTimes = watchSessions(InferenceSession);
const transformers = (await import(pathToFileURL(installed.resolve("@huggingface/transformers")).href)) as Transformers;
transformers.env.localModelPath = setup.root;
transformers.env.allowRemoteModels = false;
const model = await transformers.WhisperForConditionalGeneration.from_pretrained(setup.name, {
  dtype: "fp32",
  device: "cpu",
  session_options: { intraOpNumThreads: setup.threads, interOpNumThreads: 1 },
});
const processor = await transformers.AutoProcessor.from_pretrained(setup.name);
const samples = await speechWindows(setup.speech, setup.windows);

async function transcribe({ maxTokens, timestamps }: WhisperOrder): Promise<WhisperReport> {
  sessionTimes();
  const startedMs = performance.now();
  let featuresMs = 0;
  const tokens: (readonly number[])[] = [];
  for (let window = 0; window < setup.windows; window++) {
    const featuresStartedMs = performance.now();
    const own = samples.subarray(window * WINDOW_SAMPLES, (window + 1) * WINDOW_SAMPLES);
    const { input_features: inputs } = await processor(own);
    featuresMs += performance.now() - featuresStartedMs;
    const given = await model.generate({
      inputs,
      language: "en",
      task: "transcribe",
      return_timestamps: timestamps,
      max_new_tokens: maxTokens,
    });
    tokens.push(...given.tolist().map((row) => row.map(Number).slice(-maxTokens)));
  }
  return { totalMs: performance.now() - startedMs, featuresMs, ...sessionTimes(), tokens };
}

answerOrders(transcribe);
