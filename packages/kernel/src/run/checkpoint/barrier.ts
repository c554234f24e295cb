import type { Checkpoint } from "./checkpoint.ts";
import type { Blockable, Process, Wait } from "../edge/process.ts";
import type { RunRequest } from "../runner.ts";

export interface BarrierInit {
  readonly checkpoints: NonNullable<RunRequest["checkpoints"]>;
  /** State of the run at a moment when nothing moves. */
  readonly snapshot: () => Checkpoint;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Takes checkpoints of a run. After every N items the sources stop; when everything these items have caused has been
 * emitted and taken by the consumer, so that no process moves, the state is saved and the sources go on.
 */
export class Barrier {
  /** Sources must not let further items in. */
  pending = false;
  readonly #init: BarrierInit;
  readonly #everyItems: number;
  readonly #waits: Wait[] = [];
  #itemsSince = 0;
  #saving = false;
  #outside = 0;

  constructor(init: BarrierInit) {
    this.#init = init;
    this.#everyItems = init.checkpoints.everyItems ?? 1;
  }

  /** No process of the run can bring about what a source waits for. */
  readonly #world: Blockable = { forRoom: false, keep: () => void (this.#outside += 1), blockers: () => [] };
  readonly #saved: Blockable = { forRoom: false, keep: (wait) => void this.#waits.push(wait), blockers: () => [] };

  /** A source waits for the world outside: nothing moves in the run, and that is no defect. */
  get waitsOutside(): boolean {
    return this.#outside > 0;
  }

  /** Waits for something outside the run. Meanwhile the run may come to rest and be saved. */
  async outside<T>(process: Process, promise: Promise<T>): Promise<T> {
    const wait = process.park(this.#world);
    try {
      return await promise;
    } finally {
      this.#outside -= 1;
      wait.wake();
    }
  }

  /** A source has let an item in. */
  itemTaken(): void {
    this.#itemsSince += 1;
    if (this.#itemsSince >= this.#everyItems) this.pending = true;
  }

  /** Lets a source through when no checkpoint is due. */
  async pass(process: Process): Promise<void> {
    while (this.pending) {
      await process.park(this.#saved).ended;
      process.throwIfEnded();
    }
  }

  /** Nothing moves. Whether that is what a due checkpoint has been waiting for. */
  onQuiescent(): boolean {
    if (!this.pending) return false;
    if (!this.#saving) void this.#save();
    return true;
  }

  async #save(): Promise<void> {
    const { checkpoints, snapshot, onFailure } = this.#init;
    this.#saving = true;
    try {
      await checkpoints.store.save(checkpoints.key, snapshot());
    } catch (error) {
      return onFailure(error);
    } finally {
      this.#saving = false;
    }
    this.#itemsSince = 0;
    this.pending = false;
    for (const wait of this.#waits.splice(0)) wait.wake();
  }
}
