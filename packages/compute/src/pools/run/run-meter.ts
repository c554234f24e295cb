import type { TensorMap } from "@stargate/kernel";
import type { RunEnergy } from "../../energy/pool-energy.ts";
import type { LocatedVariant } from "../../store/model-store.ts";

/** A run that begins, as far as it is measured. */
export interface MeteredRun {
  readonly located: LocatedVariant;
  readonly bucket: string;
  /** Of the first of its calls. */
  readonly inputs: TensorMap;
  /** Whether the first axis of those inputs counts items. */
  readonly hasItems: boolean;
}

/**
 * Called when a run begins; what it returns is called once when the run ends, however it ends, and gives its energy where
 * that is known. Must not throw and must not wait.
 */
export type RunMeter = (run: MeteredRun) => () => RunEnergy | undefined;
