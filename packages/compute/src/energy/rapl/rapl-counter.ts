/** One package of processor cores: its counter, which begins again after its largest value. */
export interface RaplZone {
  readonly path: string;
  readonly maxMicrojoules: number;
}

/** Sums the counters of all packages into one that only grows. */
export class RaplCounter {
  readonly #last = new Map<string, number>();
  #joules = 0;

  /** Takes what the zones read now, and gives joules since the first time. */
  take(readings: readonly { readonly zone: RaplZone; readonly microjoules: number }[]): number {
    for (const { zone, microjoules } of readings) {
      const last = this.#last.get(zone.path) ?? microjoules;
      this.#last.set(zone.path, microjoules);
      const step = microjoules >= last ? microjoules - last : zone.maxMicrojoules - last + microjoules;
      this.#joules += step / 1e6;
    }
    return this.#joules;
  }
}
