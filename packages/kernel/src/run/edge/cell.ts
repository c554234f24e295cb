import type { Payload } from "../../contract/payload.ts";
import type { Absence } from "./absence.ts";
import type { Blockable, Blocker, Process, Wait } from "./process.ts";

/** A single-valued wire: written once, read by any number of processes. */
export class Cell implements Blockable {
  readonly forRoom = false;
  writer: Process;
  #value: Payload | Absence | undefined;
  #waits: Wait[] | undefined;

  constructor(writer: Process) {
    this.writer = writer;
  }

  /** The value, if it is there already. */
  get value(): Payload | Absence | undefined {
    return this.#value;
  }

  set(value: Payload | Absence): void {
    if (this.#value !== undefined) return;
    this.#value = value;
    for (const wait of this.#waits ?? []) wait.wake();
    this.#waits = undefined;
  }

  /** Waits for the value. */
  async read(process: Process): Promise<Payload | Absence> {
    while (this.#value === undefined) {
      await process.park(this).ended;
      process.throwIfEnded();
    }
    return this.#value;
  }

  keep(wait: Wait): void {
    (this.#waits ??= []).push(wait);
  }

  blockers(): readonly Blocker[] {
    return [{ process: this.writer }];
  }
}
