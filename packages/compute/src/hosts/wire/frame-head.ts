import type { TensorDtype } from "@stargate/kernel";

/** The length of a frame's head comes first, as a uint32. */
export const LENGTH_BYTES = 4;

/** One tensor of a frame; its values follow the head in the order of the list. */
export interface TensorHead {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly bytes: number;
}

export interface FrameHead {
  readonly message: object;
  /** Absent for a message that carries no tensors. */
  readonly tensors?: readonly TensorHead[] | undefined;
}
