import type { TensorMap } from "@stargate/kernel";
import type { Vocabulary } from "../tokenizer/vocabulary.ts";
import type { TokenWindow } from "./windows.ts";

/** Lengths are rounded up to this, so that texts of about the same length can share a run. The padding is masked. */
const LENGTH_STEP = 16;

export interface TokenTensors {
  readonly inputs: TensorMap;
  /** Tokens of each row that are no padding. */
  readonly lengths: readonly number[];
}

/** Inputs of a BERT model, int64 [windows, tokens]: ids framed by [CLS] and [SEP], padded to one length. */
export function tokenTensors(
  windows: readonly TokenWindow[],
  vocabulary: Vocabulary,
  { maxTokens, tokenTypes }: { readonly maxTokens: number; readonly tokenTypes: boolean },
): TokenTensors {
  const lengths = windows.map(({ ids }) => ids.length + 2);
  const width = Math.min(maxTokens, Math.ceil(Math.max(...lengths) / LENGTH_STEP) * LENGTH_STEP);
  const shape = [windows.length, width];
  const ids = new BigInt64Array(windows.length * width).fill(BigInt(vocabulary.padId));
  const mask = new BigInt64Array(windows.length * width);
  for (const [row, window] of windows.entries()) {
    const framed = [vocabulary.classifyId, ...window.ids, vocabulary.separatorId];
    for (const [column, id] of framed.entries()) ids[row * width + column] = BigInt(id);
    mask.fill(1n, row * width, row * width + framed.length);
  }
  const inputs: TensorMap = {
    input_ids: { dtype: "int64", shape, data: ids },
    attention_mask: { dtype: "int64", shape, data: mask },
  };
  if (!tokenTypes) return { inputs, lengths };
  const types = new BigInt64Array(windows.length * width);
  return { inputs: { ...inputs, token_type_ids: { dtype: "int64", shape, data: types } }, lengths };
}
