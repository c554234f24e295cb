import type { Payload } from "../../contract/payload.ts";
import type { Absence } from "./absence.ts";
import type { Outlet } from "./outlet.ts";
import type { Blockable, Blocker, Process, Wait } from "./process.ts";

/** How much an edge holds before its writer has to wait. */
export interface EdgeLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
}

/** Default bound of every stream edge. */
export const defaultEdgeLimits: EdgeLimits = Object.freeze({ maxItems: 16, maxBytes: 64 * 1024 * 1024 });

/**
 * The queue of one reader of a stream, bounded in items and bytes. An item larger than the byte bound passes alone.
 */
export class Channel implements Blockable {
  /** Waiting on the channel itself is waiting for an item. */
  readonly forRoom = false;
  /** Whether the rule against artificial deadlocks may raise the bound. */
  readonly growable = true;
  readonly outlet: Outlet;
  /** The reader has left; nothing more is kept for it. */
  closed = false;
  #maxItems: number;
  #maxBytes: number;
  #items: Payload[] = [];
  #sizes: number[] = [];
  #bytes = 0;
  #end: "ended" | Absence | undefined;
  #wait: Wait | undefined;
  #reader: Process;

  constructor(outlet: Outlet, reader: Process, limits: EdgeLimits) {
    this.outlet = outlet;
    this.#reader = reader;
    reader.reads(this);
    this.#maxItems = limits.maxItems;
    this.#maxBytes = limits.maxBytes;
  }

  get reader(): Process {
    return this.#reader;
  }

  /** Hands the channel on to a process inside. */
  set reader(reader: Process) {
    this.#reader = reader;
    reader.reads(this);
  }

  get length(): number {
    return this.#items.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Items written and not read yet. */
  get queued(): readonly Payload[] {
    return this.#items;
  }

  /** Everything was written and read. */
  get exhausted(): boolean {
    return this.#end !== undefined && this.#items.length === 0;
  }

  hasRoom(sizeBytes: number): boolean {
    return (
      this.closed ||
      this.#items.length === 0 ||
      (this.#items.length < this.#maxItems && this.#bytes + sizeBytes <= this.#maxBytes)
    );
  }

  push(payload: Payload, sizeBytes: number): void {
    if (this.closed) return;
    this.#items.push(payload);
    this.#sizes.push(sizeBytes);
    this.#bytes += sizeBytes;
    this.#reader.scope.quiescence.queuedItems += 1;
    this.#wake();
  }

  /** Nothing more will come, or (with an absence) nothing ever came because the step before could not run. */
  finish(end: "ended" | Absence): void {
    this.#end ??= end;
    this.#wake();
  }

  /**
   * Next item, "ended", or an absence. Parks `process` while the edge is empty.
   * One read at a time: the caller serialises.
   */
  async read(process: Process): Promise<Payload | "ended" | Absence> {
    for (;;) {
      const payload = this.#items.shift();
      if (payload !== undefined) {
        this.#bytes -= this.#sizes.shift() ?? 0;
        process.scope.quiescence.queuedItems -= 1;
        this.outlet.roomMade();
        return payload;
      }
      if (this.#end !== undefined) return this.#end;
      if (this.closed) return "ended";
      await process.park(this).ended;
      process.throwIfEnded();
    }
  }

  /** The reader leaves: what is queued is dropped and the writer no longer waits for it. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#reader.scope.quiescence.queuedItems -= this.#items.length;
    this.#items = [];
    this.#sizes = [];
    this.#bytes = 0;
    this.#wake();
    this.outlet.roomMade();
  }

  /** Makes room for one more item; see growDeadlock. */
  grow(): void {
    this.#maxItems = Math.max(this.#maxItems, this.#items.length + 1);
    this.#maxBytes = Math.max(this.#maxBytes, this.#bytes + this.outlet.pendingBytes);
    this.outlet.roomMade();
  }

  keep(wait: Wait): void {
    this.#wait = wait;
  }

  blockers(): readonly Blocker[] {
    return [{ process: this.outlet.writer }];
  }

  #wake(): void {
    this.#wait?.wake();
    this.#wait = undefined;
  }
}
