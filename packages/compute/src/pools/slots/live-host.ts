import type { StargateError } from "@stargate/kernel";
import type { ModelHost } from "../../hosts/model-host.ts";
import type { LocatedVariant } from "../../store/model-store.ts";
import type { HostModels } from "./host-models.ts";

/** A host that is up, with its models and what it is doing. */
export class LiveHost {
  readonly host: ModelHost;
  readonly models: HostModels;
  readonly slot: number;
  readonly capacity: () => number;
  readonly upSinceMs: number;
  /** Runs and loads under way. */
  running = 0;
  /** Runs under way of calls that are suspected of ending hosts. */
  suspects = 0;
  /** Runs since it started. */
  runs = 0;
  /** Whether a run on it has ever come to a good end. */
  hasAnswered = false;
  /** Takes no more work: another host takes its place, or none does. */
  isLeaving = false;
  /** A run takes too long; nothing is known until it ends or the host is given up. */
  isStuck = false;
  /** It asked to be replaced: work goes to others while there are any. */
  isRetiring = false;
  #lostReason: StargateError | undefined;
  #lastModels: readonly LocatedVariant[] | undefined;
  readonly #onLost = new Set<(reason: StargateError) => void>();
  #onIdle: (() => void)[] = [];

  constructor(parts: Pick<LiveHost, "host" | "models" | "slot" | "capacity" | "upSinceMs">) {
    this.host = parts.host;
    this.models = parts.models;
    this.slot = parts.slot;
    this.capacity = parts.capacity;
    this.upSinceMs = parts.upSinceMs;
  }

  /** Why the host has gone; undefined while it is there. */
  get lostReason(): StargateError | undefined {
    return this.#lostReason;
  }

  /** Models that are loaded, or were when the host was lost. */
  get located(): readonly LocatedVariant[] {
    return this.#lastModels ?? this.models.located;
  }

  /** Whether it can take one more run now. */
  get isFree(): boolean {
    return this.isHealthy && this.running < this.capacity();
  }

  /** Up, and answering as far as is known. */
  get isHealthy(): boolean {
    return this.#lostReason === undefined && !this.isLeaving && !this.isStuck;
  }

  begin(): void {
    this.running += 1;
  }

  end(): void {
    this.running -= 1;
    if (this.running > 0) return;
    const waiting = this.#onIdle;
    this.#onIdle = [];
    for (const wake of waiting) wake();
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.running === 0 ? Promise.resolve() : new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** The host has gone, or is given up: whoever waits for it hears of it now. */
  markLost(reason: StargateError): void {
    if (this.#lostReason !== undefined) return;
    this.#lostReason = reason;
    this.#lastModels = this.models.located;
    this.models.forget();
    for (const hear of this.#onLost) hear(reason);
    this.#onLost.clear();
  }

  /** What the host does, or the reason why it is lost, whichever comes first. */
  untilLost<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#lostReason !== undefined) reject(this.#lostReason);
      this.#onLost.add(reject);
      void work.then(resolve, reject).finally(() => this.#onLost.delete(reject));
    });
  }
}
