import type { Clock } from "@stargate/kernel";
import type { BatchLimits } from "../batch/compose-batch.ts";
import type { CanaryCheck } from "../hosts/canary/canary-check.ts";
import type { OpenModelHost } from "../hosts/model-host.ts";
import type { LocatedVariant } from "../store/model-store.ts";
import type { PoolObserver } from "./pool-events.ts";
import type { Quarantine } from "./quarantine.ts";
import type { RunMeter } from "./run/run-meter.ts";

/** What may wait in front of a pool; beyond it calls are refused with SG_COMPUTE_OVERLOADED. */
export interface QueueLimits {
  readonly maxJobs: number;
  /** Bytes of inputs. */
  readonly maxBytes: number;
  /** Longest predicted wait. */
  readonly maxWaitMs: number;
  /**
   * A call gets ahead of newly arriving ones of the next higher criticality after waiting this long; deadlines further
   * away than this count as this far. Nothing starves.
   */
  readonly agingMs: number;
}

export interface MemoryLimits {
  /** Bytes of model files that may be loaded on the whole pool (one GPU that several hosts share). */
  readonly poolBytes: number;
  /** Bytes of model files that may be loaded in one host. */
  readonly hostBytes: number;
}

/** When a host that does not answer is taken for sick. */
export interface PatienceLimits {
  /** No run is given up on earlier than this. */
  readonly floorMs: number;
  /** Times the learned time that 99 of 100 runs stay below. */
  readonly factor: number;
  /** For runs whose time is not known yet, and the first run of a freshly loaded model. */
  readonly unlearnedMs: number;
  readonly loadMs: number;
}

/** How often a host that ends is started again. */
export interface RestartLimits {
  /** Pause before the second start in a row; doubles each time. The first is at once. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
  /** A host that was up this long is no crash loop. */
  readonly stableMs: number;
  /** After so many crashes in a row the slot rests for `restMs` and is then tried once. */
  readonly maxCrashes: number;
  readonly restMs: number;
}

export interface PoolOptions {
  readonly id: string;
  /** Id of the backend whose models its hosts run. */
  readonly backend: string;
  /** Device id that models are loaded on. */
  readonly device: string;
  /** Formats the backend loads. */
  readonly formats: readonly string[];
  /** Most hosts at a time; they are opened when work needs them. */
  readonly slots: number;
  readonly openHost: OpenModelHost;
  /** Time of calls and runs. */
  readonly clock: Clock;
  /** Timers nobody waits for (keepAlive, restarts), which must not keep the process alive. Default: `clock`. */
  readonly idleClock?: Clock | undefined;
  /** Runs one host takes at a time; may change. More than one for hosts that only wait (a remote server). Default 1. */
  readonly runsPerHost?: number | (() => number) | undefined;
  /**
   * Whether a run all of whose callers have gone is aborted. Default false: an engine that computes cannot be stopped,
   * so the slot would look free while it is not. True for hosts that only wait.
   */
  readonly abortRuns?: boolean | undefined;
  /**
   * Whether runs of a model look at their signal between steps, so that one ends within a step when all of its callers have
   * gone: model programs. Default: none does.
   */
  readonly stopsRuns?: ((located: LocatedVariant) => boolean) | undefined;
  /** How long a model stays loaded after its last run: 0, milliseconds, or Infinity. Default: five minutes for all. */
  readonly keepAliveMs?: ((located: LocatedVariant) => number) | undefined;
  /** How long a host stays up that has no model loaded. Default one minute. */
  readonly idleHostMs?: number | undefined;
  /** Runs after which a host is replaced by a fresh one. Default: never. */
  readonly maxRunsPerHost?: number | undefined;
  /** Default: 64 items, 64 MiB. */
  readonly batch?: Partial<BatchLimits> | undefined;
  /** Default: 1,024 calls, 256 MiB, 30 s, aging 5 s. */
  readonly queue?: Partial<QueueLimits> | undefined;
  /** Default: no limits. */
  readonly memory?: Partial<MemoryLimits> | undefined;
  /** Default: 1 s, 4 times, 60 s, 120 s. */
  readonly patience?: Partial<PatienceLimits> | undefined;
  /** Default: 100 ms doubling to 30 s, stable after 30 s, rest of 60 s after 8 crashes. */
  readonly restart?: Partial<RestartLimits> | undefined;
  /** Asked after every load, which also warms the model up, and again now and then. Default: no check. */
  readonly canary?: CanaryCheck | undefined;
  /** How old the last right answer of a canary may be. Default 30 s. */
  readonly canaryEveryMs?: number | undefined;
  /** Shared by pools, so that an input which ended a host of one is known to the others. Default: one of its own. */
  readonly quarantine?: Quarantine | undefined;
  readonly observe?: PoolObserver | undefined;
  readonly meterRun?: RunMeter | undefined;
}

type Defaulted = Omit<
  PoolOptions,
  | "runsPerHost"
  | "batch"
  | "queue"
  | "memory"
  | "patience"
  | "restart"
  | "observe"
  | "quarantine"
  | "canary"
  | "meterRun"
>;

/** Options with defaults filled in. */
export type PoolSettings = { readonly [Name in keyof Defaulted]-?: NonNullable<Defaulted[Name]> } & {
  /** Now. */
  readonly runsPerHost: number;
  readonly batch: BatchLimits;
  readonly queue: QueueLimits;
  readonly memory: MemoryLimits;
  readonly patience: PatienceLimits;
  readonly restart: RestartLimits;
  readonly canary: CanaryCheck | undefined;
  readonly meterRun: RunMeter | undefined;
};

const MIB = 2 ** 20;

export function poolSettings(options: PoolOptions): PoolSettings {
  return {
    id: options.id,
    backend: options.backend,
    device: options.device,
    formats: options.formats,
    slots: options.slots,
    openHost: options.openHost,
    clock: options.clock,
    idleClock: options.idleClock ?? options.clock,
    get runsPerHost() {
      const { runsPerHost = 1 } = options;
      return typeof runsPerHost === "number" ? runsPerHost : runsPerHost();
    },
    abortRuns: options.abortRuns ?? false,
    stopsRuns: options.stopsRuns ?? (() => false),
    keepAliveMs: options.keepAliveMs ?? (() => 300_000),
    idleHostMs: options.idleHostMs ?? 60_000,
    maxRunsPerHost: options.maxRunsPerHost ?? Infinity,
    canary: options.canary,
    meterRun: options.meterRun,
    canaryEveryMs: options.canaryEveryMs ?? 30_000,
    batch: { maxItems: 64, maxBytes: 64 * MIB, ...options.batch },
    queue: { maxJobs: 1024, maxBytes: 256 * MIB, maxWaitMs: 30_000, agingMs: 5000, ...options.queue },
    memory: { poolBytes: Infinity, hostBytes: Infinity, ...options.memory },
    patience: { floorMs: 1000, factor: 4, unlearnedMs: 60_000, loadMs: 120_000, ...options.patience },
    restart: { pauseMs: 100, maxPauseMs: 30_000, stableMs: 30_000, maxCrashes: 8, restMs: 60_000, ...options.restart },
  };
}
