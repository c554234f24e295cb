import { stat } from "node:fs/promises";
import type { Clock, ModelSignature } from "@stargate/kernel";
import type { CanaryCheck } from "../../hosts/canary/canary-check.ts";
import type { HostedModel, ModelHost } from "../../hosts/model-host.ts";
import type { LocatedVariant } from "../../store/model-store.ts";
import { hostedSource, modelKey } from "../model-key.ts";
import { isOutOfMemory } from "../pool-errors.ts";
import type { PoolModelEvent } from "../pool-events.ts";
import type { MemoryEntry, MemoryLedger } from "./memory-ledger.ts";

/** The right to run a loaded model; it stays loaded until all leases are released. */
export interface ModelLease {
  readonly model: HostedModel;
  /** Nothing was run on it before: engines take longer the first time. */
  readonly isFresh: boolean;
  /** Loading took this long; 0 when it was loaded already. */
  readonly loadMs: number;
  /** Something was run on it. */
  ran(): void;
  /** When its canary was last right, on the clock; Infinity without a check. */
  readonly checkedMs: number;
  /** Asks the canary again. Throws SG_COMPUTE_WRONG_RESULT. */
  check(): Promise<void>;
  release(): void;
}

export interface HostModelsOptions {
  readonly host: ModelHost;
  readonly slot: number;
  readonly device: string;
  readonly ledger: MemoryLedger;
  readonly clock: Clock;
  readonly idleClock: Clock;
  readonly keepAliveMs: (located: LocatedVariant) => number;
  readonly check: CanaryCheck | undefined;
  readonly onLoaded: (located: LocatedVariant, signature: ModelSignature, ms: number) => void;
  readonly note: (event: Pick<PoolModelEvent, "kind" | "what" | "model" | "variant" | "reason" | "ms">) => void;
  /** The last model has gone, or the first one has come. */
  readonly onEmpty: (isEmpty: boolean) => void;
}

interface Loaded extends MemoryEntry {
  readonly located: LocatedVariant;
  readonly model: HostedModel;
  leases: number;
  lastUsedMs: number;
  hasRun: boolean;
  isUnloading: boolean;
  checkedMs: number;
  cancelExpiry: (() => void) | undefined;
}

/** The models in one host: leases, time to live, and making room. */
export class HostModels {
  readonly #options: HostModelsOptions;
  readonly #loaded = new Map<string, Loaded>();
  readonly #loading = new Map<string, Promise<Loaded>>();

  constructor(options: HostModelsOptions) {
    this.#options = options;
  }

  /** Variants that are loaded. */
  get located(): readonly LocatedVariant[] {
    return [...this.#loaded.values()].map(({ located }) => located);
  }

  get count(): number {
    return this.#loaded.size + this.#loading.size;
  }

  has(key: string): boolean {
    return this.#loaded.has(key);
  }

  isLoading(key: string): boolean {
    return this.#loading.has(key);
  }

  /** A lease of a model that is loaded. */
  lease(key: string): ModelLease | undefined {
    const loaded = this.#loaded.get(key);
    return loaded === undefined ? undefined : this.#leaseOf(loaded, 0);
  }

  /** Loads a model unless it is; calls at the same time share the load. Throws what the host throws. */
  async load(located: LocatedVariant): Promise<ModelLease> {
    const key = modelKey(located);
    const startedMs = this.#options.clock.nowMs();
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      const known = this.lease(key);
      if (known !== undefined) return known;
      loading = this.#load(key, located).finally(() => this.#loading.delete(key));
      this.#loading.set(key, loading);
      this.#options.onEmpty(false);
      loading.catch(() => this.#checkEmpty());
    }
    const loaded = await loading;
    return this.#leaseOf(loaded, this.#options.clock.nowMs() - startedMs);
  }

  /** Whether a model fits beside those that are loaded, as far as its size is declared. */
  hasRoomFor({ variant }: LocatedVariant): boolean {
    const bytes = variant.files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
    return this.#options.ledger.fits(this.#options.slot, bytes);
  }

  /** Unloads what is idle on the pool. Whether there was anything. */
  makeRoom(): Promise<boolean> {
    return this.#options.ledger.evictIdle();
  }

  /** The host has gone: nothing is to be unloaded any more. */
  forget(): void {
    for (const loaded of this.#loaded.values()) {
      loaded.cancelExpiry?.();
      this.#options.ledger.leave(loaded);
    }
    this.#loaded.clear();
  }

  async #load(key: string, located: LocatedVariant): Promise<Loaded> {
    const { ledger, slot } = this.#options;
    const bytes = await bytesOf(located);
    const settle = await ledger.reserve(slot, bytes, located.spec.id);
    try {
      const startedMs = this.#options.clock.nowMs();
      const model = await this.#open(located);
      const loaded = this.#entry(key, located, model, bytes);
      this.#loaded.set(key, loaded);
      ledger.enter(loaded);
      const ms = this.#options.clock.nowMs() - startedMs;
      this.#options.onLoaded(located, model.signature, ms);
      this.#note("loaded", located, { ms });
      return loaded;
    } finally {
      settle();
    }
  }

  async #open(located: LocatedVariant): Promise<HostedModel> {
    const { host, device, check, ledger } = this.#options;
    const load = (): Promise<HostedModel> => {
      const { signal } = new AbortController(); // a load serves many calls: none of them can stop it
      return host.load(hostedSource(located), { device, signal });
    };
    let model: HostedModel;
    try {
      model = await load();
    } catch (error) {
      // File sizes only estimate what a model takes: when the device says no, everything idle goes, once.
      if (!isOutOfMemory(error) || !(await ledger.evictIdle())) throw error;
      model = await load();
    }
    try {
      await check?.(model, located);
    } catch (error) {
      void model.unload().catch(() => undefined);
      throw error;
    }
    return model;
  }

  #entry(key: string, located: LocatedVariant, model: HostedModel, bytes: number): Loaded {
    const keepAliveMs = this.#options.keepAliveMs(located);
    const loaded: Loaded = {
      slot: this.#options.slot,
      bytes,
      located,
      model,
      leases: 0,
      lastUsedMs: this.#options.clock.nowMs(),
      hasRun: this.#options.check !== undefined,
      isUnloading: false,
      checkedMs: this.#options.check === undefined ? Infinity : this.#options.clock.nowMs(),
      isKept: keepAliveMs === Infinity,
      cancelExpiry: undefined,
      get isIdle() {
        return loaded.leases === 0 && !loaded.isUnloading;
      },
      evict: () => this.#unload(key, loaded, "eviction"),
    };
    return loaded;
  }

  #leaseOf(loaded: Loaded, loadMs: number): ModelLease {
    loaded.leases += 1;
    loaded.cancelExpiry?.();
    loaded.cancelExpiry = undefined;
    let isReleased = false;
    return {
      model: loaded.model,
      isFresh: !loaded.hasRun,
      loadMs,
      ran: () => void (loaded.hasRun = true),
      checkedMs: loaded.checkedMs,
      check: async () => {
        await this.#options.check?.(loaded.model, loaded.located);
        loaded.checkedMs = this.#options.clock.nowMs();
      },
      release: () => {
        if (isReleased) return;
        isReleased = true;
        loaded.leases -= 1;
        loaded.lastUsedMs = this.#options.clock.nowMs();
        if (loaded.leases > 0) return;
        this.#options.ledger.changed();
        this.#armExpiry(loaded);
      },
    };
  }

  #armExpiry(loaded: Loaded): void {
    const key = modelKey(loaded.located);
    if (this.#loaded.get(key) !== loaded) return;
    const keepAliveMs = this.#options.keepAliveMs(loaded.located);
    if (keepAliveMs === Infinity) return;
    const expire = (): void => void this.#unload(key, loaded, "keep-alive");
    // Also with 0 on the next turn: what waits for the model takes it first.
    loaded.cancelExpiry = this.#options.idleClock.timer(keepAliveMs, expire);
  }

  async #unload(key: string, loaded: Loaded, reason: "keep-alive" | "eviction"): Promise<void> {
    if (this.#loaded.get(key) !== loaded) return;
    loaded.cancelExpiry?.();
    loaded.isUnloading = true;
    this.#loaded.delete(key);
    try {
      await loaded.model.unload();
    } catch {
      // The host has gone, and the model with it.
    }
    this.#options.ledger.leave(loaded);
    this.#note("unloaded", loaded.located, { reason });
    this.#checkEmpty();
  }

  #checkEmpty(): void {
    if (this.count === 0) this.#options.onEmpty(true);
  }

  #note(
    what: "loaded" | "unloaded",
    { spec, variant }: LocatedVariant,
    more: Pick<PoolModelEvent, "reason" | "ms">,
  ): void {
    this.#options.note({ kind: "model", what, model: spec.id, variant: variant.name, ...more });
  }
}

/** Size of a variant's files; what is not declared is looked up. */
async function bytesOf({ variant, paths }: LocatedVariant): Promise<number> {
  const sizes = await Promise.all(
    variant.files.map(async ({ name, sizeBytes }) => {
      const path = paths[name];
      if (sizeBytes !== null || path === undefined) return sizeBytes ?? 0;
      return (await stat(path).catch(() => undefined))?.size ?? 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
