import { planResampling } from "./plan-resampling.ts";
import { firstInput, mirrored, outputLength, resample, wholeOutputs } from "./resample.ts";

/** Changes the sample rate of one channel that comes piece by piece; chunked equals whole. */
export interface StreamResampler {
  push(samples: Float32Array): Float32Array<ArrayBuffer>;
  /** What is left when the input has ended. */
  end(): Float32Array<ArrayBuffer>;
}

export function createStreamResampler(inputRateHz: number, outputRateHz: number): StreamResampler {
  if (inputRateHz === outputRateHz)
    return { push: (samples) => Float32Array.from(samples), end: () => new Float32Array(0) };
  const plan = planResampling(inputRateHz, outputRateHz);
  let kept = new Float32Array(0);
  let start = 0;
  let done = 0;

  /** Outputs up to `to`, the input continued by its mirror image at both ends. */
  const produce = (to: number): Float32Array<ArrayBuffer> => {
    if (to <= done) return new Float32Array(0);
    const first = firstInput(plan, done);
    const needed = firstInput(plan, to - 1) + plan.taps - first;
    const inputs = start + kept.length;
    const samples = new Float32Array(needed);
    for (let offset = 0; offset < needed; offset++)
      samples[offset] = kept[mirrored(first + offset, inputs) - start] ?? 0;
    const output = resample(plan, { samples, start: first }, done, to);
    done = to;
    // What the mirror at the end may need is kept, too.
    const spare = Math.max(0, firstInput(plan, done) - plan.taps - start);
    kept = kept.slice(spare);
    start += spare;
    return output;
  };

  return {
    push(samples) {
      const joined = new Float32Array(kept.length + samples.length);
      joined.set(kept);
      joined.set(samples, kept.length);
      kept = joined;
      return produce(wholeOutputs(plan, start + kept.length));
    },
    end: () => produce(outputLength(plan, start + kept.length)),
  };
}
