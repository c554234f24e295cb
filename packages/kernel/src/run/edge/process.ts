import type { Channel } from "./channel.ts";
import type { Quiescence } from "./quiescence.ts";
import type { Scope } from "./scope.ts";

/** A process that has to act before a wait can end, and the full edge that holds the waiting one up, if it is one. */
export interface Blocker {
  readonly process: Process;
  readonly fullEdge?: Channel | undefined;
}

/** Something processes wait on: the empty side or the full side of an edge, a single value, a nested body. */
export interface Blockable {
  blockers(): readonly Blocker[];
  /** Keeps a wait, to wake it when the time has come. Called before anything looks at who is parked. */
  keep(wait: Wait): void;
  /** The wait is for room on an edge. */
  readonly forRoom: boolean;
}

/** One process parked on something. */
export class Wait {
  readonly process: Process;
  readonly on: Blockable;
  readonly ended: Promise<void>;
  #resolve!: () => void;
  #reject!: (reason: unknown) => void;

  constructor(process: Process, on: Blockable) {
    this.process = process;
    this.on = on;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Lets the process go on. Does nothing when it already does. */
  wake(): void {
    if (this.process.removeWait(this)) this.#resolve();
  }

  /** Ends the wait because the process' scope has failed or was cancelled. */
  cancel(reason: unknown): void {
    if (!this.process.removeWait(this)) return;
    this.ended.catch(ignore); // whoever waited may have left, as a transform that reads ahead does
    this.#reject(reason);
  }
}

function ignore(): void {}

/**
 * One sequential activity of a run: a step, a source, the consumer of the output. It is either working or parked
 * on one thing (a transform that reads several streams at once may be parked on several).
 */
export class Process {
  /** Path of the step, for messages. */
  readonly name: string;
  readonly scope: Scope;
  readonly waits: Wait[] = [];
  /** Called once when the scope fails while foreign code is working for this process: closes what it holds open. */
  onAbandon: (() => void) | undefined;
  readonly #quiescence: Quiescence;
  readonly #inlets: Channel[] = [];
  #live = true;

  constructor(name: string, scope: Scope) {
    this.name = name;
    this.scope = scope;
    this.#quiescence = scope.quiescence;
    this.#quiescence.started();
    scope.add(this);
  }

  /**
   * Parks until woken; the wait rejects when the scope fails. Throws at once when it has failed already: a process
   * that was working inside foreign code meanwhile learns it here.
   */
  park(on: Blockable): Wait {
    this.throwIfEnded();
    const wait = new Wait(this, on);
    this.waits.push(wait);
    on.keep(wait);
    this.#quiescence.parked(this, wait, this.waits.length === 1);
    return wait;
  }

  /** The process reads this channel, and leaves it when it ends. */
  reads(inlet: Channel): void {
    this.#inlets.push(inlet);
  }

  removeWait(wait: Wait): boolean {
    const index = this.waits.indexOf(wait);
    if (index < 0) return false;
    this.waits.splice(index, 1);
    if (this.#live) this.#quiescence.unparked(wait, this.waits.length === 0);
    return true;
  }

  /** Stops a process that was ended while it was about to go on: its results are not wanted any more. */
  throwIfEnded(): void {
    if (!this.#live) throw this.scope.failure?.error;
  }

  /** The process has nothing left to do. */
  end(): void {
    if (!this.#live) return;
    this.#live = false;
    for (const inlet of this.#inlets) if (inlet.reader === this) inlet.close();
    this.scope.remove(this);
    this.#quiescence.ended();
  }

  /** The scope failed: parked waits reject; a process inside foreign code counts as ended from now on. */
  abandon(reason: unknown): void {
    for (let wait = this.waits.at(-1); wait !== undefined; wait = this.waits.at(-1)) wait.cancel(reason);
    this.onAbandon?.();
    this.onAbandon = undefined;
    this.end();
  }
}
