import type { ComputePlane, Tensor, TensorMap } from "@stargate/kernel";
import { fail } from "@stargate/kernel";
import { SPEAKER_MODEL } from "../src/diarise/speaker-model.ts";
import { sileroModel } from "../src/vad/silero-model.ts";
import { WINDOW_SAMPLES } from "../src/vad/silero-program.ts";
import type { ModelFacts, WindowResult } from "../src/whisper/program/window-result.ts";

/** What the scripted Whisper hears in every window. */
export const HEARD = " one two";

const facts: ModelFacts = { mels: 80, endOfText: 10, languages: ["en", "de"], canTranslate: true, hasWords: true };

const heard = (frames: number): WindowResult => ({
  language: "en",
  languageProbability: 0.9,
  tokens: [1, 2],
  text: HEARD,
  temperature: 0,
  avgLogprob: -0.2,
  compressionRatio: 1,
  noSpeechProb: 0.1,
  isSilent: false,
  segments: [{ start: 0, end: frames / 100, tokens: [1, 2], text: HEARD }],
  advanceFrames: frames,
  endsOpen: true,
});

/**
 * A compute plane without models: speech is what is loud, and Whisper hears the same in every window. The real ones run
 * in the integration tests.
 */
export function createScriptedPlane(): ComputePlane {
  return {
    async run({ model, inputs, signal }) {
      signal.throwIfAborted();
      const use = {
        variant: "fp32",
        digest: null,
        backend: "test",
        device: "cpu",
        deviceKind: "cpu",
        pool: "test",
      } as const;
      return {
        outputs: answer(model, inputs),
        use: { model, ...use, attempts: 1, hedged: false, batchItems: 1, queueMs: 0, runMs: 0 },
      };
    },
    assets: async () => ({}),
  };
}

function answer(model: string, inputs: TensorMap): TensorMap {
  if (model === sileroModel.id) return hearLoudness(inputs);
  if (model === SPEAKER_MODEL) return hearOneVoice(inputs);
  if (model !== "whisper-small") throw fail("SG_COMPUTE_UNKNOWN_MODEL", `There is no model "${model}"`);
  const { windows } = JSON.parse(String(inputs["request"]?.data[0])) as { windows: { contentFrames: number }[] };
  const results = windows.length === 0 ? [facts] : windows.map(({ contentFrames }) => heard(contentFrames));
  return { results: { dtype: "string", shape: [results.length], data: results.map((one) => JSON.stringify(one)) } };
}

/** Everybody sounds the same. */
function hearOneVoice({ samples }: TensorMap): TensorMap {
  const windows = samples?.shape[0] ?? 0;
  const data = new Float32Array(windows * 2).fill(1);
  return { embedding: { dtype: "float32", shape: [windows, 2], data } };
}

function hearLoudness({ samples, state, context }: TensorMap): TensorMap {
  const sound = samples?.data as Float32Array;
  const windows = sound.length / WINDOW_SAMPLES;
  const data = Float32Array.from({ length: windows }, (_, window) => {
    const part = sound.subarray(window * WINDOW_SAMPLES, (window + 1) * WINDOW_SAMPLES);
    return part.some((value) => Math.abs(value) > 0.05) ? 0.9 : 0.1;
  });
  const probabilities: Tensor = { dtype: "float32", shape: [windows], data };
  return { probabilities, state: state as Tensor, context: context as Tensor };
}
