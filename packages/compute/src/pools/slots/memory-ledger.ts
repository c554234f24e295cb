import type { MemoryLimits } from "../pool-options.ts";
import { fail } from "../pool-errors.ts";

/** A model that takes memory. */
export interface MemoryEntry {
  readonly slot: number;
  readonly bytes: number;
  readonly isIdle: boolean;
  /** Not to be unloaded by time: given up last. */
  readonly isKept: boolean;
  readonly lastUsedMs: number;
  /** Unloads it; `leave` is called on the way. */
  evict(): Promise<void>;
}

/** Keeps the models of a pool within its memory: what is idle and was not used for longest makes room. */
export class MemoryLedger {
  readonly #limits: MemoryLimits;
  readonly #entries = new Set<MemoryEntry>();
  readonly #reserved = new Map<symbol, { readonly slot: number; readonly bytes: number }>();
  #waiting: (() => void)[] = [];

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  /**
   * Makes room for a model and keeps it until the returned function is called (the model has entered, or was not loaded).
   * Waits for models in use when they are in the way. Throws SG_COMPUTE_MEMORY when the model alone is too large.
   */
  async reserve(slot: number, bytes: number, name: string): Promise<() => void> {
    const most = Math.min(this.#limits.hostBytes, this.#limits.poolBytes);
    if (bytes > most)
      throw fail("SG_COMPUTE_MEMORY", `Model "${name}" has ${bytes} bytes; the pool may hold ${most}`, {
        hint: "Use a smaller variant, or raise the pool's memory limit.",
      });
    for (;;) {
      if (this.fits(slot, bytes)) break;
      const isHostFull = this.#used(slot) + bytes > this.#limits.hostBytes;
      const victim = this.#idlest(isHostFull ? slot : undefined);
      if (victim === undefined) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      else await victim.evict();
    }
    const ticket = Symbol(name);
    this.#reserved.set(ticket, { slot, bytes });
    return () => {
      this.#reserved.delete(ticket);
      this.changed();
    };
  }

  /** Whether a model fits without another one having to go. */
  fits(slot: number, bytes: number): boolean {
    return this.#used(slot) + bytes <= this.#limits.hostBytes && this.#used() + bytes <= this.#limits.poolBytes;
  }

  enter(entry: MemoryEntry): void {
    this.#entries.add(entry);
  }

  leave(entry: MemoryEntry): void {
    this.#entries.delete(entry);
    this.changed();
  }

  /** Something has become idle: whoever waits looks again. */
  changed(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Gives up everything that is idle. Whether there was anything. */
  async evictIdle(): Promise<boolean> {
    const idle = [...this.#entries].filter((entry) => entry.isIdle);
    await Promise.all(idle.map((entry) => entry.evict()));
    return idle.length > 0;
  }

  #used(slot?: number): number {
    const counts = (entry: { readonly slot: number }): boolean => slot === undefined || entry.slot === slot;
    const all = [...this.#entries, ...this.#reserved.values()].filter(counts);
    return all.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #idlest(slot: number | undefined): MemoryEntry | undefined {
    return [...this.#entries]
      .filter((entry) => entry.isIdle && (slot === undefined || entry.slot === slot))
      .sort((a, b) => Number(a.isKept) - Number(b.isKept) || a.lastUsedMs - b.lastUsedMs)[0];
  }
}
