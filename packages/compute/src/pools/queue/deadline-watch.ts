import type { Clock } from "@stargate/kernel";

/** One timer for the earliest of many deadlines. */
export class DeadlineWatch {
  readonly #clock: Clock;
  /** Refuses what is late, and gives the earliest deadline left; Infinity: none. */
  readonly #refuseLate: () => number;
  #atMs = Infinity;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, refuseLate: () => number) {
    this.#clock = clock;
    this.#refuseLate = refuseLate;
  }

  watch(deadlineMs: number): void {
    if (deadlineMs >= this.#atMs) return;
    this.stop();
    this.#atMs = deadlineMs;
    this.#cancel = this.#clock.timer(Math.max(1, deadlineMs - this.#clock.nowMs()), () => {
      this.#atMs = Infinity;
      this.watch(this.#refuseLate());
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#atMs = Infinity;
  }
}
