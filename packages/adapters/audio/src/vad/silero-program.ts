import { fail, type ModelProgram, type Tensor, type TensorMap } from "@stargate/kernel/backend";

/** Samples of 16 kHz sound that one probability stands for: 32 ms. */
export const WINDOW_SAMPLES = 512;

/**
 * Samples before each window that the model wants to see again. Without them it runs, and finds no speech at all
 * (snakers4/silero-vad, `OnnxWrapper.__call__`).
 */
export const CONTEXT_SAMPLES = 64;

/** Values of the model's memory: [2, 1, 128]. */
export const STATE_VALUES = 256;

/**
 * Silero VAD over many windows in one call: the loop that feeds its memory back runs beside the model, not through a
 * host's wire every 32 ms. Takes whole windows, and memory and context as the call before gave them (zeros at first).
 */
export const sileroProgram: ModelProgram = {
  signature: {
    inputs: [
      { name: "samples", dtype: "float32", shape: ["samples"] },
      { name: "state", dtype: "float32", shape: [2, 1, 128] },
      { name: "context", dtype: "float32", shape: [CONTEXT_SAMPLES] },
    ],
    outputs: [
      { name: "probabilities", dtype: "float32", shape: ["windows"] },
      { name: "state", dtype: "float32", shape: [2, 1, 128] },
      { name: "context", dtype: "float32", shape: [CONTEXT_SAMPLES] },
    ],
  },
  async run(inputs, { parts, signal }) {
    const { model } = parts;
    if (model === undefined) throw fail("SG_COMPUTE_MODEL", 'Silero VAD needs the part "model"');
    const samples = floats(inputs, "samples");
    const windows = samples.length / WINDOW_SAMPLES;
    if (!Number.isInteger(windows))
      throw fail("SG_COMPUTE_INPUT", `${samples.length} samples are no whole number of ${WINDOW_SAMPLES}`);
    const probabilities = new Float32Array(windows);
    const input = new Float32Array(CONTEXT_SAMPLES + WINDOW_SAMPLES);
    input.set(floats(inputs, "context"), WINDOW_SAMPLES); // where the end of a previous window would be
    let state: Tensor = { dtype: "float32", shape: [2, 1, 128], data: floats(inputs, "state") };
    const rate: Tensor = { dtype: "int64", shape: [], data: BigInt64Array.of(16_000n) };
    for (let window = 0; window < windows; window++) {
      input.copyWithin(0, WINDOW_SAMPLES);
      input.set(samples.subarray(window * WINDOW_SAMPLES, (window + 1) * WINDOW_SAMPLES), CONTEXT_SAMPLES);
      const answer = await model.run(
        { input: { dtype: "float32", shape: [1, input.length], data: input }, state, sr: rate },
        { signal },
      );
      probabilities[window] = floats(answer, "output")[0] ?? 0;
      state = { ...state, data: floats(answer, "stateN") };
    }
    return {
      probabilities: { dtype: "float32", shape: [windows], data: probabilities },
      state,
      context: { dtype: "float32", shape: [CONTEXT_SAMPLES], data: input.slice(WINDOW_SAMPLES) },
    };
  },
};

function floats(tensors: TensorMap, name: string): Float32Array {
  const data = tensors[name]?.data;
  if (data instanceof Float32Array) return data;
  throw fail("SG_COMPUTE_MODEL", `The model gives no float32 "${name}": it is not Silero VAD`);
}
