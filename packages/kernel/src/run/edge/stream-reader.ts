import type { AnyModality } from "../../contract/modality.ts";
import { Absence } from "./absence.ts";
import type { Channel } from "./channel.ts";
import type { Process } from "./process.ts";

/**
 * A stream wire as a transform sees it: an async iterable of values, read with backpressure. It counts what passes,
 * so that coverage of stream inputs needs no help from the transform.
 */
export class StreamReader implements AsyncIterable<unknown> {
  readonly modality: AnyModality;
  /** Items handed to the transform. */
  items = 0;
  /** Their measure; undefined as soon as one of them has none. */
  measured: number | undefined = 0;
  /** The stream was read to its end. */
  ended = false;
  absence: Absence | undefined;
  /** Lineage of the item read last. */
  lineage: readonly string[] = none;
  /** Called before the first item is handed out: from then on the reading attempt cannot be repeated. */
  onBegin: (() => void) | undefined;
  readonly #channel: Channel;
  readonly #process: Process;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(modality: AnyModality, channel: Channel, process: Process) {
    this.modality = modality;
    this.#channel = channel;
    this.#process = process;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return {
      // A transform may ask for several items before the first has come; they are served in order.
      next: () => {
        const next = this.#tail.then(() => this.#read());
        this.#tail = next.catch(ignore);
        return next;
      },
      return: async () => {
        if (this.items > 0) this.close();
        return { done: true, value: undefined };
      },
    };
  }

  /** The transform reads no further. */
  close(): void {
    if (this.#channel.closed) return; // a closed wire is empty, whatever was still to come
    this.ended ||= this.#channel.exhausted;
    this.#channel.close();
  }

  async #read(): Promise<IteratorResult<unknown, undefined>> {
    const read = await this.#channel.read(this.#process);
    if (read === "ended") {
      this.ended ||= this.#channel.exhausted;
      return { done: true, value: undefined };
    }
    if (read instanceof Absence) {
      this.absence = read;
      throw read.error;
    }
    if (this.items === 0) this.onBegin?.();
    this.items += 1;
    if (this.measured !== undefined) {
      const measure = this.modality.measureOf(read.value);
      this.measured = measure === undefined ? undefined : this.measured + measure;
    }
    this.lineage = read.lineage;
    return { done: false, value: read.value };
  }
}

const none: readonly string[] = Object.freeze([]);

function ignore(): void {}
