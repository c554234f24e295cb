import type { Clock } from "@stargate/kernel";
import { carbonGrams } from "../energy/carbon-grams.ts";
import type { PoolEnergy, RunEnergy } from "../energy/pool-energy.ts";
import type { HostPool } from "../pools/create-pool.ts";
import type { PoolEvent } from "../pools/pool-events.ts";
import type { SlotStatus } from "../pools/pool-status.ts";
import type { EndRun } from "../pools/run/run-meter.ts";
import type { PoolSnapshot } from "./compute-snapshot.ts";
import { type CountName, type FlopsOf, readTotals, readWindow } from "./read-counts.ts";
import { SlidingCounts } from "./sliding-counts.ts";

const KEPT_SECONDS = 60;

export interface PoolMonitorOptions {
  readonly clock: Clock;
  readonly energy: PoolEnergy;
  readonly deviceKind: string;
  /** Runs at once. */
  readonly slots: number;
  /** Carbon intensity of its power now. */
  readonly gramsPerKwh: () => number | undefined;
  /** Operations of one item of "model/variant bucket"; undefined while they are not known. */
  readonly flopsOf: FlopsOf;
}

/** Counts what a pool does: how busy it is, how full its runs are, what they compute and what they take. */
export class PoolMonitor {
  readonly #options: PoolMonitorOptions;
  readonly #counts: SlidingCounts;
  #active = 0;
  #atMs: number;

  constructor(options: PoolMonitorOptions) {
    this.#options = options;
    this.#counts = new SlidingCounts(options.clock, KEPT_SECONDS);
    this.#atMs = options.clock.nowMs();
  }

  /** A run begins; what is returned ends it and gives its energy. */
  beginRun(): EndRun {
    const startedMs = this.#options.clock.nowMs();
    const endEnergy = this.#options.energy.begin();
    this.#advance();
    this.#active += 1;
    return (runMs) => {
      this.#advance();
      this.#active -= 1;
      const energy = endEnergy(runMs);
      if (energy === undefined) this.#add("unpoweredRuns", 1, startedMs);
      else this.#addEnergy(energy, startedMs);
      return energy;
    };
  }

  observe(event: PoolEvent): void {
    switch (event.kind) {
      case "run": {
        const { model, variant, bucket, outcome, items, mostItems, release, busyMs } = event;
        const sinceMs = this.#options.clock.nowMs() - busyMs;
        this.#add(`runs:${outcome}`, 1);
        this.#add(`releases:${release}`, 1);
        this.#add("items", items);
        this.#add("mostItems", mostItems);
        if (outcome === "ok") this.#add(`done:${model}/${variant} ${bucket}`, items, sinceMs);
        return;
      }
      case "refusal":
        return this.#add(`refusals:${event.code}`, 1);
      case "host":
        return this.#add(`hosts:${event.what}`, 1);
      case "model":
      case "poison":
        return;
    }
  }

  /** What the pool is doing and has done. */
  snapshot(pool: HostPool): PoolSnapshot {
    this.#advance();
    const { energy, slots, deviceKind, flopsOf, gramsPerKwh } = this.#options;
    const { busySlots, queuedJobs, backlogMs } = pool.telemetry();
    const status = pool.status();
    const power = energy.slotPower;
    const window = (seconds: number) => readWindow(this.#counts.last(seconds), slots, flopsOf);
    return {
      id: pool.id,
      backend: pool.backend,
      device: pool.device,
      deviceKind,
      slots,
      busySlots,
      queuedCalls: queuedJobs,
      backlogMs,
      models: [...new Set(status.flatMap(({ models }) => models))],
      hosts: status.map(hostOf),
      power: {
        source: energy.source ?? null,
        wattsPerBusySlot: power?.watts ?? null,
        basis: power?.basis ?? null,
        gramsPerKwh: gramsPerKwh() ?? null,
      },
      windows: { "10s": window(10), "60s": window(KEPT_SECONDS) },
      totals: readTotals(this.#counts.totals, flopsOf),
    };
  }

  #advance(): void {
    const nowMs = this.#options.clock.nowMs();
    if (this.#active > 0 && nowMs > this.#atMs) this.#add("busyMs", this.#active * (nowMs - this.#atMs), this.#atMs);
    this.#atMs = nowMs;
  }

  #addEnergy({ joules, basis }: RunEnergy, sinceMs: number): void {
    this.#add(`joules:${basis}`, joules, sinceMs);
    const gramsPerKwh = this.#options.gramsPerKwh();
    if (gramsPerKwh !== undefined) this.#add("carbonGrams", carbonGrams(joules, gramsPerKwh), sinceMs);
  }

  #add(name: CountName, amount: number, sinceMs?: number): void {
    this.#counts.add(name, amount, sinceMs);
  }
}

function hostOf({ slot, state, running, runs, memoryBytes = 0, models }: SlotStatus): PoolSnapshot["hosts"][number] {
  return { slot, state, running, runs, memoryBytes: memoryBytes === 0 ? null : memoryBytes, models: [...models] };
}
