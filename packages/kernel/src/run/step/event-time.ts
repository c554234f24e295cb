import type { AnyModality } from "../../contract/modality.ts";
import { readKey } from "../../graph/field-path.ts";

/** An item of a stream in event time. */
export interface TimedItem {
  readonly value: unknown;
  /** Seconds from the stream's origin; undefined when the item has no time. */
  readonly timeSeconds: number | undefined;
  readonly key: string;
}

/** Reads event time and grouping key. An item without the key's field belongs to the group "". */
export function timedItem(modality: AnyModality, value: unknown, key: string | undefined): TimedItem {
  return { value, timeSeconds: modality.timeOf?.(value), key: key === undefined ? "" : (readKey(value, key) ?? "") };
}

/** Follows event time: the watermark says up to when a stream is taken to be complete. */
export class Watermark {
  readonly #lateSeconds: number;
  #largestSeconds: number;

  constructor(lateSeconds: number, largestSeconds: number | null = null) {
    this.#lateSeconds = lateSeconds;
    this.#largestSeconds = largestSeconds ?? -Infinity;
  }

  /** Largest event time seen minus the allowed lateness; -Infinity before the first item. */
  get seconds(): number {
    return this.#largestSeconds - this.#lateSeconds;
  }

  /** Largest event time seen, null before the first item: what a checkpoint keeps. */
  get largestSeconds(): number | null {
    return this.#largestSeconds === -Infinity ? null : this.#largestSeconds;
  }

  see(timeSeconds: number): void {
    if (timeSeconds > this.#largestSeconds) this.#largestSeconds = timeSeconds;
  }
}
