import type { Tensor, TensorMap } from "@stargate/kernel";
import { fail } from "../text-errors.ts";

/** Names that exporters give the token states. */
const STATES = ["last_hidden_state", "token_embeddings"];

/** Sums up token states of one text, window after window. */
export interface StatePool {
  /** `lengths`: tokens of each row that count; what follows them is padding. Throws SG_TEXT_MODEL_OUTPUT. */
  add(outputs: TensorMap, lengths: readonly number[]): void;
  /** The mean over everything added, not of length 1. */
  mean(): Float64Array;
}

/**
 * "mean": every token state counts the same, so that a text in several windows is pooled like one in a single window.
 * "first": the states of the first tokens, each with the weight of its window's tokens. Sums in float64.
 */
export function createStatePool(model: string, pooling: "mean" | "first"): StatePool {
  let sums = new Float64Array(0);
  let weight = 0;
  return {
    add(outputs, lengths) {
      const { data, tokens, width } = statesOf(model, outputs, lengths);
      if (sums.length === 0) sums = new Float64Array(width);
      for (const [row, length] of lengths.entries()) {
        const counted = pooling === "mean" ? length : 1;
        const share = length / counted;
        for (let token = 0; token < counted; token += 1) {
          const start = (row * tokens + token) * width;
          for (let index = 0; index < width; index += 1) {
            const sum = sums[index] ?? 0;
            sums[index] = sum + share * (data[start + index] ?? 0);
          }
        }
        weight += length;
      }
    },
    mean: () => sums.map((sum) => sum / weight),
  };
}

interface States {
  readonly data: Float32Array;
  readonly tokens: number;
  readonly width: number;
}

/** The output that holds one state per token: float32 [rows, tokens, width]. */
function statesOf(model: string, outputs: TensorMap, lengths: readonly number[]): States {
  const name = STATES.find((candidate) => outputs[candidate] !== undefined);
  const tensor = name === undefined ? undefined : outputs[name];
  const [rows, tokens = 0, width = 0] = tensor?.shape ?? [];
  const fits = tensor?.shape.length === 3 && rows === lengths.length && tokens >= Math.max(...lengths) && width > 0;
  if (fits && tensor.data instanceof Float32Array) return { data: tensor.data, tokens, width };
  throw fail("SG_TEXT_MODEL_OUTPUT", `Model "${model}" gave ${describe(outputs)}; ${STATES.join(" or ")} is needed`);
}

function describe(outputs: TensorMap): string {
  const text = ([name, { dtype, shape }]: readonly [string, Tensor]): string => `${name} ${dtype}[${shape.join(", ")}]`;
  return Object.entries(outputs).map(text).join(", ") || "nothing";
}
