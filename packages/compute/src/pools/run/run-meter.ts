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

/** Ends a run that took `runMs` inside the backend, 0 for one that failed, and gives its energy where that is known. */
export type EndRun = (runMs: number) => RunEnergy | undefined;

/** Called when a run begins; what it returns is called once when the run ends, however it ends. Neither throws or waits. */
export type RunMeter = (run: MeteredRun) => EndRun;
