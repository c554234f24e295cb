import type { Clock } from "@stargate/kernel";

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly happen: () => void;
}

/** Time that jumps from one event to the next. Events at the same time happen in the order they were asked for. */
export class VirtualTime implements Clock {
  readonly #heap: Event[] = [];
  #nowMs = 0;
  #order = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  epochMs(): number {
    return Date.UTC(2026, 0, 1) + this.#nowMs;
  }

  timer(ms: number, callback: () => void): () => void {
    let cancelled = false;
    this.at(this.#nowMs + ms, () => {
      if (!cancelled) callback();
    });
    return () => {
      cancelled = true;
    };
  }

  at(atMs: number, happen: () => void): void {
    const event = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, happen };
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Event; // inside the heap
      if (!isBefore(event, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  /** Runs until no event is left at or before `untilMs`. */
  run(untilMs: number): void {
    for (let event = this.#heap[0]; event !== undefined && event.atMs <= untilMs; event = this.#heap[0]) {
      this.#removeFirst();
      this.#nowMs = event.atMs;
      event.happen();
    }
    this.#nowMs = Math.max(this.#nowMs, Math.min(untilMs, Number.MAX_SAFE_INTEGER));
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && isBefore(heap[right] as Event, heap[child] as Event)) child = right; // both inside
      const below = heap[child] as Event; // inside the heap
      if (!isBefore(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
