import { growDeadlock } from "./artificial-deadlock.ts";
import type { Process, Wait } from "./process.ts";

/**
 * Knows at every moment how many processes of a run are alive and how many of them are parked. When all are parked,
 * nothing more happens by itself: the moment between two items at which a checkpoint is consistent, and, if nobody
 * outside is expected to act, a stall.
 */
export class Quiescence {
  #live = 0;
  #parked = 0;
  /** Processes waiting for room. Only with one of them can there be an artificial deadlock. */
  readonly #waitingForRoom = new Set<Wait>();
  #held = 0;
  /** Called whenever every live process is parked. */
  onQuiescent: (() => void) | undefined;

  /** Items on all edges of the run. */
  queuedItems = 0;

  get live(): number {
    return this.#live;
  }

  started(): void {
    this.#live += 1;
  }

  ended(): void {
    this.#live -= 1;
    this.#check();
  }

  parked(process: Process, wait: Wait, first: boolean): void {
    if (first) this.#parked += 1;
    if (wait.on.forRoom) this.#waitingForRoom.add(wait);
    if (this.#waitingForRoom.size > 0) growDeadlock(process);
    this.#check();
  }

  unparked(wait: Wait, last: boolean): void {
    if (wait.on.forRoom) this.#waitingForRoom.delete(wait);
    if (last) this.#parked -= 1;
  }

  /** Makes room for every process that waits for some, so that what it holds lies on an edge. False: none does. */
  makeRoom(): boolean {
    const waits = [...this.#waitingForRoom];
    for (const wait of waits) for (const { fullEdge } of wait.on.blockers()) fullEdge?.grow();
    return waits.length > 0;
  }

  /** Does several things that count as one: in between, the counters tell nothing. */
  atomically(change: () => void): void {
    this.#held += 1;
    change();
    this.#held -= 1;
    this.#check();
  }

  #check(): void {
    if (this.#held === 0 && this.#live > 0 && this.#parked === this.#live) this.onQuiescent?.();
  }
}
