import type { Tensor, TensorMap } from "@stargate/kernel";

/**
 * Lengths that texts are filled up to, within the model's context. Few of them, so that texts of different lengths can
 * share a run; small ones, because a tower takes six times as long for 77 tokens as for a caption's 12.
 */
const LENGTHS = [16, 32];

/** What a text tower reads. */
export interface TextInputsOptions {
  readonly contextTokens: number;
  readonly attentionMask: boolean;
  /** Fills up the ids, as the reference does: towers answer at the first one. */
  readonly endId: number;
}

/** Inputs of one text, filled up: `input_ids` int64 [1, length] and, where the model takes it, `attention_mask`. */
export function textInputs(
  ids: readonly number[],
  { contextTokens, attentionMask, endId }: TextInputsOptions,
): TensorMap {
  const length = LENGTHS.find((candidate) => candidate >= ids.length && candidate < contextTokens) ?? contextTokens;
  const row = (value: (index: number) => number): Tensor => ({
    dtype: "int64",
    shape: [1, length],
    data: BigInt64Array.from({ length }, (_, index) => BigInt(value(index))),
  });
  const inputIds = row((index) => ids[index] ?? endId);
  return attentionMask
    ? { input_ids: inputIds, attention_mask: row((index) => Number(index < ids.length)) }
    : { input_ids: inputIds };
}
