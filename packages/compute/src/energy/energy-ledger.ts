import type { Clock } from "@stargate/kernel";

/** Weight of what is new against what was known, in busy milliseconds. */
const LEARNING_MS = 500;
/** What was handed out too little or too much is made good over this much busy time ... */
const SETTLING_SECONDS = 1;
/** ... but never makes a run more or less costly than by this part. */
const MOST_CORRECTION = 0.5;
/** Idle power is the lowest seen; it creeps up by this part with every idle reading, in case the device has changed. */
const IDLE_CREEP = 0.01;

/** A run whose energy is being measured. */
export interface LedgerRun {
  /** What each run that was active from the start has got until this one began, in joules. */
  readonly fromJoules: number;
}

/**
 * Divides the energy of a device among its runs: at every moment the runs under way share its power equally, whatever it
 * is, and what it draws while nothing runs belongs to nobody. A counter is read a few times a second and runs may take
 * milliseconds, so a run is charged by the power last seen, and the difference to what the counter says then is made good
 * by the runs that follow: over time the sum of all runs is the energy of the device while it was busy.
 */
export class EnergyLedger {
  readonly #clock: Clock;
  readonly #assumedWatts: (runs: number) => number;
  /** Runs under way. */
  #active = 0;
  #atMs: number;
  /** Energy of each run under way, were it there since the beginning. */
  #eachJoules = 0;
  /** Since the last reading. */
  #chargedJoules = 0;
  #busyMs = 0;
  #runMs = 0;
  #reading: { readonly atMs: number; readonly joules: number } | undefined;
  #busyWatts: number | undefined;
  #runsWhenBusy = 1;
  #idleWatts: number | undefined;
  #debtJoules = 0;
  #busyJoules = 0;
  #idleJoules = 0;

  /** @param assumedWatts power while so many runs are under way, until there is a reading. */
  constructor(clock: Clock, assumedWatts: (runs: number) => number) {
    this.#clock = clock;
    this.#atMs = clock.nowMs();
    this.#assumedWatts = assumedWatts;
  }

  /** Energy while something ran, and while nothing did, by the counter. */
  get joules(): { readonly busy: number; readonly idle: number } {
    return { busy: this.#busyJoules, idle: this.#idleJoules };
  }

  /** Power while it is busy, and how many runs share it then; undefined before it was busy. */
  get busyPower(): { readonly watts: number; readonly runs: number } | undefined {
    return this.#busyWatts === undefined ? undefined : { watts: this.#busyWatts, runs: this.#runsWhenBusy };
  }

  begin(): LedgerRun {
    this.#advance();
    this.#active += 1;
    return { fromJoules: this.#eachJoules };
  }

  /** Energy of a run that ends now. */
  end({ fromJoules }: LedgerRun): number {
    this.#advance();
    this.#active -= 1;
    return this.#eachJoules - fromJoules;
  }

  /** The counter says this now. A counter that has fallen was set back: it counts from here. */
  read(joules: number): void {
    this.#advance();
    const last = this.#reading;
    this.#reading = { atMs: this.#atMs, joules };
    if (last !== undefined && joules >= last.joules) this.#settle(joules - last.joules, this.#atMs - last.atMs);
    this.#chargedJoules = 0;
    this.#busyMs = 0;
    this.#runMs = 0;
  }

  /** Nobody reads the counter any more. */
  forget(): void {
    this.#reading = undefined;
    this.#debtJoules = 0;
  }

  #advance(): void {
    const nowMs = this.#clock.nowMs();
    const ms = nowMs - this.#atMs;
    this.#atMs = nowMs;
    if (this.#active === 0 || ms <= 0) return;
    const joules = (this.#watts() * ms) / 1000;
    this.#eachJoules += joules / this.#active;
    this.#chargedJoules += joules;
    this.#busyMs += ms;
    this.#runMs += ms * this.#active;
  }

  /** What runs are charged by. */
  #watts(): number {
    if (this.#busyWatts === undefined) return Math.max(this.#assumedWatts(this.#active), this.#idleWatts ?? 0);
    const most = this.#busyWatts * MOST_CORRECTION;
    return this.#busyWatts + Math.min(most, Math.max(-most, this.#debtJoules / SETTLING_SECONDS));
  }

  #settle(joules: number, ms: number): void {
    const busyMs = Math.min(this.#busyMs, ms);
    const idleMs = ms - busyMs;
    if (busyMs === 0) {
      this.#idleJoules += joules;
      if (ms > 0) this.#learnIdle((joules * 1000) / ms);
      return;
    }
    const idleJoules = this.#idleWatts === undefined ? (joules * idleMs) / ms : (this.#idleWatts * idleMs) / 1000;
    const busyJoules = Math.max(0, joules - idleJoules);
    this.#idleJoules += joules - busyJoules;
    this.#busyJoules += busyJoules;
    this.#debtJoules += busyJoules - this.#chargedJoules;
    const weight = 1 - Math.exp(-busyMs / LEARNING_MS);
    const watts = (busyJoules * 1000) / busyMs;
    const runs = this.#runMs / this.#busyMs;
    this.#busyWatts = this.#busyWatts === undefined ? watts : this.#busyWatts + weight * (watts - this.#busyWatts);
    this.#runsWhenBusy += weight * (runs - this.#runsWhenBusy);
  }

  #learnIdle(watts: number): void {
    const known = this.#idleWatts ?? watts;
    this.#idleWatts = watts < known ? watts : known + IDLE_CREEP * (watts - known);
  }
}
