import type { Clock } from "@stargate/kernel";
import { EnergyLedger } from "./energy-ledger.ts";
import type { PowerMeter } from "./power-meter.ts";

/** Readings older than this say nothing of now. */
const STALE_MS = 5_000;

/** The measured energy of one device, which several pools may use. */
export class DevicePower {
  readonly source: string;
  readonly #clock: Clock;
  readonly #meter: PowerMeter;
  readonly #ledger: EnergyLedger;
  #readAtMs: number | undefined;

  /** @param assumedWatts power while so many runs are under way, until there is a reading. */
  constructor(clock: Clock, meter: PowerMeter, assumedWatts: (runs: number) => number) {
    this.source = meter.source;
    this.#clock = clock;
    this.#meter = meter;
    this.#ledger = new EnergyLedger(clock, assumedWatts);
    meter.start({
      reading: (joules) => {
        this.#readAtMs = clock.nowMs();
        this.#ledger.read(joules);
      },
      lost: () => {
        this.#readAtMs = undefined;
        this.#ledger.forget();
      },
    });
  }

  /** Whether energy is being measured at this moment. */
  get isMeasuring(): boolean {
    return this.#readAtMs !== undefined && this.#clock.nowMs() - this.#readAtMs < STALE_MS;
  }

  /** Power of one busy slot, as far as it has been seen. */
  get slotWatts(): number | undefined {
    const power = this.#ledger.busyPower;
    return power && this.isMeasuring ? power.watts / power.runs : undefined;
  }

  /** A run begins; what is returned ends it and gives its joules. */
  begin(): () => number {
    const run = this.#ledger.begin();
    return () => this.#ledger.end(run);
  }

  close(): void {
    this.#meter.stop();
  }
}
