import type { MadeDecision } from "./made-decision.ts";

/** Rows of arms kept in all, about 30 MB: with many arms fewer decisions are kept. */
const LARGEST_ROWS = 50_000;

/** The last decisions, by id. Bounded: the oldest go when new ones come. */
export class DecisionLog {
  readonly #capacity: number;
  /** In the order they came. */
  readonly #made = new Map<string, MadeDecision>();
  #rows = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(made: MadeDecision): void {
    this.#made.set(made.id, made);
    this.#rows += made.arms.length;
    for (const [id, { arms }] of this.#made) {
      if (this.#made.size <= this.#capacity && this.#rows <= LARGEST_ROWS) return;
      this.#made.delete(id);
      this.#rows -= arms.length;
    }
  }

  get(id: string): MadeDecision | undefined {
    return this.#made.get(id);
  }
}
