import type { Tensor, TensorMap } from "@stargate/kernel/backend";
import { selectAllRows } from "./tensor-rows.ts";

/**
 * Where decoding has come to: keys and values of attention as the decoder gave them, which it takes back. Never changed,
 * so that one state can be gone on from several times.
 */
export interface DecoderState {
  /** Sequences that are decoded side by side. */
  readonly rows: number;
  /** Tokens each of them has. */
  readonly length: number;
  /** What the encoder heard. */
  readonly hidden: Tensor;
  /** Of the tokens so far, by the names under which the decoder takes them: `past_key_values.N.decoder.key`. */
  readonly own: TensorMap;
  /** Of what the encoder heard; the same all the time. */
  readonly cross: TensorMap;
}

/**
 * The state of these rows, in that order.
 * @param sameSound whether all rows listen to the same sound, so that what they heard need not be moved, only repeated.
 */
export function selectStates(state: DecoderState, rows: readonly number[], sameSound: boolean): DecoderState {
  const crossRows = sameSound && rows.length === state.rows ? rows.map((_, index) => index) : rows;
  return {
    ...state,
    rows: rows.length,
    own: selectAllRows(state.own, rows),
    cross: selectAllRows(state.cross, crossRows),
  };
}
