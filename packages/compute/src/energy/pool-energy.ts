import type { Basis, Clock } from "@stargate/kernel";
import type { DevicePower } from "./device-power.ts";

/** Energy of one run, and how it is known. */
export interface RunEnergy {
  readonly joules: number;
  readonly basis: Basis;
}

/** How much power one busy slot draws, and how that is known. */
export interface SlotPower {
  readonly watts: number;
  readonly basis: Basis;
}

export interface PoolEnergyOptions {
  readonly clock: Clock;
  /** Where the device has a meter. */
  readonly device?: DevicePower | undefined;
  /** Power of a busy slot where nothing is measured; undefined: nobody knows. */
  readonly assumed?: SlotPower | undefined;
}

/** Energy of the runs of one pool: measured where the device is, else by what a busy slot is said to draw. */
export class PoolEnergy {
  readonly #options: PoolEnergyOptions;

  constructor(options: PoolEnergyOptions) {
    this.#options = options;
  }

  /** Where the numbers come from: "rapl", "nvidia-smi", "declared", "estimated"; undefined: there are none. */
  get source(): string | undefined {
    const { device, assumed } = this.#options;
    return device?.isMeasuring === true ? device.source : assumed?.basis;
  }

  /** Power of one busy slot. */
  get slotPower(): SlotPower | undefined {
    const { device, assumed } = this.#options;
    const watts = device?.slotWatts;
    return watts === undefined ? assumed : { watts, basis: "measured" };
  }

  /**
   * A run begins; what is returned ends it, told how long it took inside the backend (0: nobody knows, it failed). Energy
   * counts as measured only when it was from beginning to end. Assumed is the power of the time inside the backend: a
   * slot that waits for its turn draws none.
   */
  begin(): (runMs: number) => RunEnergy | undefined {
    const { clock, device, assumed } = this.#options;
    const startedMs = clock.nowMs();
    const wasMeasuring = device?.isMeasuring === true;
    const endMeasured = device?.begin();
    return (runMs) => {
      const joules = endMeasured?.();
      if (joules !== undefined && wasMeasuring && device?.isMeasuring === true) return { joules, basis: "measured" };
      const ms = runMs > 0 ? runMs : clock.nowMs() - startedMs;
      return assumed && { joules: (assumed.watts * ms) / 1000, basis: assumed.basis };
    };
  }
}
