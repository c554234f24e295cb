import type { MadeDecision } from "./made-decision.ts";

/** The last decisions, by id. Bounded: the oldest goes when a new one comes. */
export class DecisionLog {
  readonly #capacity: number;
  readonly #ring: (MadeDecision | undefined)[];
  readonly #byId = new Map<string, MadeDecision>();
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#ring = Array.from({ length: capacity });
  }

  add(made: MadeDecision): void {
    if (this.#capacity === 0) return;
    const oldest = this.#ring[this.#next];
    if (oldest !== undefined) this.#byId.delete(oldest.id);
    this.#ring[this.#next] = made;
    this.#byId.set(made.id, made);
    this.#next = (this.#next + 1) % this.#capacity;
  }

  get(id: string): MadeDecision | undefined {
    return this.#byId.get(id);
  }
}
