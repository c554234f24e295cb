import type { ResamplingPlan } from "./plan-resampling.ts";

/** A run of consecutive samples of one channel, and where in the whole it begins. */
export interface Window {
  readonly samples: Float32Array;
  /** Index of the first one in the whole input; below 0 where the beginning is mirrored. */
  readonly start: number;
}

/** Index of the first input sample that an output sample needs; `plan.taps` of them follow. */
export function firstInput(plan: ResamplingPlan, output: number): number {
  return Math.floor((output * plan.inputStep) / plan.phases) - plan.centre;
}

/**
 * Number of output samples of an input of `inputs` samples. The input is continued at its end by its own mirror image,
 * as far as FFmpeg does: half of the samples that no output has used up by then.
 */
export function outputLength(plan: ResamplingPlan, inputs: number): number {
  const left = inputs - firstInput(plan, wholeOutputs(plan, inputs));
  const mirror = (Math.min(left, plan.taps) + 1) >> 1;
  return wholeOutputs(plan, inputs + mirror);
}

/** Number of output samples that need no input behind the first `inputs`. */
export function wholeOutputs(plan: ResamplingPlan, inputs: number): number {
  return Math.max(0, Math.ceil(((inputs - plan.taps + plan.centre + 1) * plan.phases) / plan.inputStep));
}

/** Outputs `from` to `to` (without it). The window must hold every input they need. */
export function resample(plan: ResamplingPlan, window: Window, from: number, to: number): Float32Array<ArrayBuffer> {
  const { taps, phases, inputStep, coefficients } = plan;
  const { samples, start } = window;
  const output = new Float32Array(to - from);
  for (let n = from; n < to; n++) {
    const position = n * inputStep;
    const whole = Math.floor(position / phases);
    const filter = (position - whole * phases) * taps;
    const first = whole - plan.centre - start;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += (coefficients[filter + tap] ?? 0) * (samples[first + tap] ?? 0);
    output[n - from] = sum;
  }
  return output;
}

/**
 * Index in an input of `inputs` samples of the sample that stands at `index`, which may lie before its beginning (mirrored
 * at the first sample) or behind its end (mirrored behind the last one).
 */
export function mirrored(index: number, inputs: number): number {
  const inside = index < 0 ? -index : index >= inputs ? 2 * inputs - 1 - index : index;
  return Math.min(Math.max(inside, 0), inputs - 1);
}
