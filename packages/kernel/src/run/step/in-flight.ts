import type { Payload } from "../../contract/payload.ts";
import type { Blockable, Blocker, Process, Wait } from "../edge/process.ts";

/** One item of a map on its way: what its body gave, once it has settled. */
export interface Ticket {
  result: { readonly payload: Payload | undefined } | undefined;
}

/**
 * The items of a map between the process that starts them and the process that emits their results. At most
 * `concurrency` are started and not yet emitted.
 */
export class InFlight {
  reader: Process;
  emitter: Process;
  /** Nobody takes results any more. */
  stopped = false;
  readonly #concurrency: number;
  readonly #order: "input" | "completion";
  /** In the order in which they may be emitted: of starting, or of completion. */
  readonly #queue: Ticket[] = [];
  #started = 0;
  #finished = false;
  #slotWait: Wait | undefined;
  #resultWait: Wait | undefined;

  constructor(reader: Process, emitter: Process, concurrency: number, order: "input" | "completion") {
    this.reader = reader;
    this.emitter = emitter;
    this.#concurrency = concurrency;
    this.#order = order;
  }

  /** Waits until another item may be started; false when nobody takes results any more. Called by the reader. */
  async slot(): Promise<boolean> {
    while (!this.stopped && this.#started >= this.#concurrency) {
      await this.reader.park(this.#slotFreed).ended;
      this.reader.throwIfEnded();
    }
    return !this.stopped;
  }

  start(): Ticket {
    const ticket: Ticket = { result: undefined };
    this.#started += 1;
    if (this.#order === "input") this.#queue.push(ticket);
    return ticket;
  }

  /** The item's body has settled; without payload the item is left out. */
  settle(ticket: Ticket, payload: Payload | undefined): void {
    ticket.result = { payload };
    if (this.#order === "completion") this.#queue.push(ticket);
    this.#wakeEmitter();
  }

  /** No more items will be started. */
  finish(): void {
    this.#finished = true;
    this.#wakeEmitter();
  }

  /** Next result to emit, or undefined after the last. The slot stays taken until `emitted`. Called by the emitter. */
  async next(): Promise<{ readonly payload: Payload | undefined } | undefined> {
    for (;;) {
      const [head] = this.#queue;
      if (head?.result !== undefined) {
        this.#queue.shift();
        return head.result;
      }
      if (this.#finished && this.#started === 0) return undefined;
      await this.emitter.park(this.#resultReady).ended;
      this.emitter.throwIfEnded();
    }
  }

  /** The result has been taken: its slot is free. */
  emitted(): void {
    this.#started -= 1;
    this.#slotWait?.wake();
  }

  stop(): void {
    this.stopped = true;
    this.#slotWait?.wake();
  }

  readonly #slotFreed: Blockable = {
    forRoom: false,
    keep: (wait) => void (this.#slotWait = wait),
    blockers: (): readonly Blocker[] => [{ process: this.emitter }],
  };

  /** While bodies are running, they are what is waited for, and they wait for nothing outside themselves. */
  readonly #resultReady: Blockable = {
    forRoom: false,
    keep: (wait) => void (this.#resultWait = wait),
    blockers: (): readonly Blocker[] => (this.#started === 0 ? [{ process: this.reader }] : []),
  };

  #wakeEmitter(): void {
    this.#resultWait?.wake();
  }
}
