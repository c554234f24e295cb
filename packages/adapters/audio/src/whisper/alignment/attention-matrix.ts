import type { CrossAttention } from "../model/whisper-decoder.ts";
import { medianFilter } from "./median-filter.ts";

/** A head of the decoder that follows the sound: layer and number. */
export type AlignmentHead = readonly [layer: number, head: number];

const MEDIAN_WIDTH = 7;

/** How much each token belongs to each position of the sound: [tokens, positions]. */
export interface AlignmentMatrix {
  readonly values: Float32Array;
  readonly positions: number;
}

/**
 * Mean over the alignment heads of their attention, standardised over the tokens and smoothed over time (openai/whisper
 * `timing.py`, `find_alignment`). That one cuts to the length of the sound before it takes the softmax; of attention as
 * exports give it the same comes out by cutting and dividing each row by what is left of it.
 */
export function alignmentMatrix(
  attention: ReadonlyMap<number, CrossAttention>,
  heads: readonly AlignmentHead[],
  positions: number,
): AlignmentMatrix {
  const all = heads.flatMap(([layer, head]) => {
    const found = attention.get(layer);
    return found === undefined || head >= found.heads ? [] : [headWeights(found, head, positions)];
  });
  const sum = new Float32Array(all[0]?.length ?? 0);
  for (const weights of all) for (const [place, weight] of weights.entries()) sum[place] = (sum[place] ?? 0) + weight;
  return { values: sum.map((value) => value / all.length), positions };
}

function headWeights(
  { values, tokens, positions: given }: CrossAttention,
  head: number,
  positions: number,
): Float32Array {
  const weights = new Float32Array(tokens * positions);
  for (let token = 0; token < tokens; token++) {
    const start = (head * tokens + token) * given;
    const row = values.subarray(start, start + positions);
    const total = row.reduce((sum, value) => sum + value, 0);
    for (let position = 0; position < positions; position++)
      weights[token * positions + position] = (row[position] ?? 0) / total;
  }
  standardise(weights, positions);
  return medianFilter(weights, positions, MEDIAN_WIDTH);
}

/** Mean 0 and standard deviation 1 over the tokens, for each position. */
function standardise(weights: Float32Array, positions: number): void {
  const tokens = weights.length / positions;
  for (let position = 0; position < positions; position++) {
    let [sum, squares] = [0, 0];
    for (let place = position; place < weights.length; place += positions) sum += weights[place] ?? 0;
    const mean = sum / tokens;
    for (let place = position; place < weights.length; place += positions)
      squares += ((weights[place] ?? 0) - mean) ** 2;
    const deviation = Math.sqrt(squares / tokens);
    for (let place = position; place < weights.length; place += positions)
      weights[place] = ((weights[place] ?? 0) - mean) / deviation;
  }
}
