import { type Clock, isStargateError, type Log, type TensorMap } from "@stargate/kernel";
import type { MeteredRun } from "../pools/run/run-meter.ts";
import type { LocatedVariant } from "../store/model-store.ts";
import type { FlopsStore } from "./flops-store.ts";
import { type InputSample, inputsOf, sampleInputs } from "./sample-inputs.ts";

/** How often it is looked whether there is time to count. */
const LOOK_MS = 1000;
/** Looks in a row that must find the machine idle. */
const ENOUGH_LOOKS = 2;
/** A count that has given way to calls so often is carried through: it has the priority of background work anyway. */
const MOST_INTERRUPTIONS = 3;
const MOST_WAITING = 256;

export interface FlopsLearnerOptions {
  /** Its timers should keep no process alive. */
  readonly clock: Clock;
  readonly log: Log;
  readonly store: FlopsStore;
  /** Whether nothing runs and nothing waits. */
  isIdle(): boolean;
  /** Counts the operations of one run; undefined when that cannot be told. */
  readonly count: (
    located: LocatedVariant,
    inputs: TensorMap,
    options: { readonly signal: AbortSignal },
  ) => Promise<number | undefined>;
}

interface Entry {
  readonly located: LocatedVariant;
  readonly bucket: string;
  readonly digest: string;
  readonly sample: InputSample;
  flopsPerItem: number | undefined;
  interruptions: number;
}

/**
 * Learns how many operations one item takes, once for each variant and kind of input: from the disk, or by counting when
 * nobody waits for anything. A count gives way when calls come.
 */
export class FlopsLearner {
  readonly #options: FlopsLearnerOptions;
  readonly #entries = new Map<string, Entry>();
  #waiting: Entry[] = [];
  #idleLooks = 0;
  #cancelLook: (() => void) | undefined;
  #current: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  #isClosed = false;

  constructor(options: FlopsLearnerOptions) {
    this.#options = options;
  }

  /** A run begins. */
  saw(run: MeteredRun): void {
    if (this.#current !== undefined) this.#current.abort.abort();
    const { located, bucket } = run;
    const { digest, spec, variant } = located;
    if (digest === null) return; // on somebody else's server
    const key = `${spec.id}/${variant.name} ${bucket}`;
    if (this.#entries.get(key)?.digest === digest || this.#waiting.length >= MOST_WAITING) return;
    const sample = sampleInputs(run);
    const entry: Entry = { located, bucket, digest, sample, flopsPerItem: undefined, interruptions: 0 };
    this.#entries.set(key, entry);
    void this.#lookUp(entry);
  }

  /** Operations of one item of "model/variant bucket"; undefined while they are not known. */
  perItem(key: string): number | undefined {
    return this.#entries.get(key)?.flopsPerItem;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting = [];
    this.#cancelLook?.();
    this.#current?.abort.abort();
    await this.#current?.ended;
  }

  async #lookUp(entry: Entry): Promise<void> {
    entry.flopsPerItem = await this.#options.store.read(entry.digest, entry.bucket);
    if (entry.flopsPerItem === undefined) this.#wait(entry);
  }

  #wait(entry: Entry): void {
    if (this.#isClosed) return;
    this.#waiting.push(entry);
    if (this.#cancelLook === undefined && this.#current === undefined) this.#lookLater();
  }

  #lookLater(): void {
    this.#cancelLook = this.#options.clock.timer(LOOK_MS, () => {
      this.#cancelLook = undefined;
      this.#look();
    });
  }

  #look(): void {
    this.#idleLooks = this.#options.isIdle() ? this.#idleLooks + 1 : 0;
    const [next] = this.#waiting;
    if (next === undefined) return;
    if (this.#idleLooks < ENOUGH_LOOKS) return this.#lookLater();
    this.#waiting.shift();
    const abort = new AbortController();
    const signal = next.interruptions < MOST_INTERRUPTIONS ? abort.signal : new AbortController().signal;
    this.#current = { abort, ended: this.#count(next, signal) };
  }

  async #count(entry: Entry, signal: AbortSignal): Promise<void> {
    const { log, store, count } = this.#options;
    const { located, digest, bucket } = entry;
    try {
      entry.flopsPerItem = await count(located, inputsOf(entry.sample), { signal });
      if (entry.flopsPerItem !== undefined) await store.write(digest, bucket, entry.flopsPerItem);
    } catch (error) {
      if (signal.aborted) {
        entry.interruptions += 1;
        this.#idleLooks = 0;
        this.#wait(entry);
      } else {
        const reason = isStargateError(error) ? error.code : String(error);
        log.debug("The operations of a model cannot be counted", { model: located.spec.id, bucket, reason });
      }
    }
    this.#current = undefined;
    if (this.#waiting.length > 0 && !this.#isClosed) this.#lookLater();
  }
}
