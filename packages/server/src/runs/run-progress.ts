import type { RunEvent } from "@stargate/kernel";

/** How far one step has come, in the measure of what it reads. */
export interface StepProgress {
  readonly step: string;
  readonly measure: string;
  readonly done: number;
  /** Null while nobody knows. */
  readonly of: number | null;
}

/**
 * How far a run has come, of what its steps tell: the step that has begun last is the one that matters, and how much there
 * is may be known to another step that reads the same (a decoder knows how long the recording is).
 */
export class RunProgress {
  readonly #known = new Map<string, number>();
  readonly #steps = new Set<string>();
  #current: StepProgress | undefined;

  get current(): StepProgress | undefined {
    return this.#current;
  }

  /** Takes what a run tells. True when it is about the step that matters. */
  note(event: RunEvent): boolean {
    if (event.type !== "progress") return false;
    const { step, measure, done } = event;
    if (event.of !== null) this.#known.set(measure, Math.max(event.of, this.#known.get(measure) ?? 0));
    const isNew = !this.#steps.has(step);
    this.#steps.add(step);
    if (!isNew && this.#current?.step !== step) return false;
    const of = event.of ?? this.#known.get(measure) ?? null;
    this.#current = { step, measure, done, of: of === null ? null : Math.max(of, done) };
    return true;
  }
}
