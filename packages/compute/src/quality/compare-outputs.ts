import type { Tensor, TensorMap } from "@stargate/kernel";

/**
 * How far two answers to the same inputs agree, 0-1: for numbers with a fraction the cosine of the angle between them
 * (negative counts as 0), for everything else the share of equal values; the mean over the outputs. An output that one of
 * them lacks, or of another length, agrees in nothing.
 */
export function agreement(answer: TensorMap, reference: TensorMap): number {
  const names = new Set([...Object.keys(answer), ...Object.keys(reference)]);
  if (names.size === 0) return 1;
  let sum = 0;
  for (const name of names) sum += tensorAgreement(answer[name], reference[name]);
  return sum / names.size;
}

function tensorAgreement(a: Tensor | undefined, b: Tensor | undefined): number {
  if (a === undefined || b === undefined || a.dtype !== b.dtype || a.data.length !== b.data.length) return 0;
  if (a.data instanceof Float32Array && b.data instanceof Float32Array) return cosine(a.data, b.data);
  if (a.data instanceof Float64Array && b.data instanceof Float64Array) return cosine(a.data, b.data);
  if (a.data.length === 0) return 1;
  let equal = 0;
  for (let index = 0; index < a.data.length; index++) if (a.data[index] === b.data[index]) equal += 1;
  return equal / a.data.length;
}

function cosine(a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [x = 0, y = 0] = [a[index], b[index]];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  if (aa === 0 || bb === 0) return aa === bb ? 1 : 0;
  const value = dot / Math.sqrt(aa * bb);
  return Number.isFinite(value) ? Math.max(0, Math.min(1, value)) : 0;
}
