import type { AnyModality } from "../../contract/modality.ts";
import type { Payload } from "../../contract/payload.ts";
import type { Absence } from "./absence.ts";
import { Channel, type EdgeLimits } from "./channel.ts";
import type { Blockable, Blocker, Process, Wait } from "./process.ts";

const DEFAULT_ITEM_BYTES = 1024;

/**
 * Write end of a stream wire, teed to one bounded queue per reader. The writer waits for the fullest.
 */
export class Outlet implements Blockable {
  /** Waiting on the outlet is waiting for room. */
  readonly forRoom = true;
  readonly modality: AnyModality;
  writer: Process;
  /** Size of the item the writer is waiting to write. */
  pendingBytes = 0;
  readonly #limits: EdgeLimits;
  readonly #channels: Channel[] = [];
  #wait: Wait | undefined;

  constructor(modality: AnyModality, writer: Process, limits: EdgeLimits) {
    this.modality = modality;
    this.writer = writer;
    this.#limits = limits;
  }

  /** Adds a reader. Only before the first write: a reader sees the whole stream. */
  connect(reader: Process): Channel {
    const channel = new Channel(this, reader, this.#limits);
    this.#channels.push(channel);
    return channel;
  }

  /** Bytes a value counts on this wire. */
  sizeOf(value: unknown): number {
    return this.modality.sizeOf?.(value) ?? DEFAULT_ITEM_BYTES;
  }

  /** Whether anybody still reads. */
  get wanted(): boolean {
    return this.#channels.some((channel) => !channel.closed);
  }

  /** Writes one item, waiting for room with every reader. False: nobody reads any more, so stop. */
  async write(payload: Payload): Promise<boolean> {
    this.pendingBytes = this.sizeOf(payload.value);
    while (this.wanted) {
      if (this.#hasRoom()) {
        for (const channel of this.#channels) channel.push(payload, this.pendingBytes);
        return true;
      }
      await this.writer.park(this).ended;
      this.writer.throwIfEnded();
    }
    return false;
  }

  finish(end: "ended" | Absence): void {
    for (const channel of this.#channels) channel.finish(end);
  }

  /** A reader took an item, left, or got a larger bound. */
  roomMade(): void {
    if (this.#wait === undefined || !this.#hasRoom()) return;
    this.#wait.wake();
    this.#wait = undefined;
  }

  keep(wait: Wait): void {
    this.#wait = wait;
  }

  blockers(): readonly Blocker[] {
    return this.#channels
      .filter((channel) => !channel.hasRoom(this.pendingBytes))
      .map((channel) => ({ process: channel.reader, fullEdge: channel }));
  }

  #hasRoom(): boolean {
    return this.#channels.every((channel) => channel.hasRoom(this.pendingBytes));
  }
}
