import type { Coverage } from "../../contract/coverage.ts";
import type { JoinedValue } from "../../modalities/derived-modalities.ts";
import type { JoinStep } from "../../graph/graph.ts";
import type { Json } from "../../util/json.ts";
import { Watermark, type TimedItem } from "./event-time.ts";
import { gapsOf } from "./gaps.ts";

type Timed = TimedItem & { readonly timeSeconds: number };

const counters = { left: 0, matched: 0, alone: 0, lateLeft: 0, lateRight: 0, untimedLeft: 0, untimedRight: 0 };

/**
 * What a temporal join remembers: left items waiting for partners, and right items that may still become partners.
 * What is late is decided on each side alone, so the result does not depend on how the two streams interleave.
 * Pure: no clock, no process.
 */
export class JoinSet {
  readonly #within: number;
  readonly #leftMark: Watermark;
  readonly #rightMark: Watermark;
  readonly #counts: typeof counters;
  #pending: Timed[];
  #partners: Timed[];
  /** Right items before this were dropped already. */
  #forgottenBefore = -Infinity;
  #leftEnded = false;
  #rightEnded = false;

  constructor({ withinSeconds, lateSeconds = 0 }: Pick<JoinStep, "withinSeconds" | "lateSeconds">, stored?: Json) {
    const snapshot = stored as Snapshot | undefined; // written by `snapshot` of the same plan
    this.#within = withinSeconds;
    this.#leftMark = new Watermark(lateSeconds, snapshot?.largestLeft);
    this.#rightMark = new Watermark(lateSeconds, snapshot?.largestRight);
    this.#counts = { ...counters, ...snapshot?.counts };
    this.#pending = [...(snapshot?.pending ?? [])];
    this.#partners = [...(snapshot?.partners ?? [])];
  }

  /** Side to read next; nothing when a joined value is ready or the join is complete. */
  get wants(): "left" | "right" | undefined {
    const [head] = this.#pending;
    if (head === undefined) return this.#leftEnded ? undefined : "left";
    return this.#complete(head) ? undefined : "right";
  }

  push(side: "left" | "right", item: TimedItem): void {
    const isLeft = side === "left";
    const mark = isLeft ? this.#leftMark : this.#rightMark;
    if (isLeft) this.#counts.left += 1;
    if (!isTimed(item)) this.#counts[isLeft ? "untimedLeft" : "untimedRight"] += 1;
    else if (item.timeSeconds < mark.seconds) this.#counts[isLeft ? "lateLeft" : "lateRight"] += 1;
    else {
      mark.see(item.timeSeconds);
      (isLeft ? this.#pending : this.#partners).push(item);
    }
    this.#forget();
  }

  end(side: "left" | "right"): void {
    if (side === "left") this.#leftEnded = true;
    else this.#rightEnded = true;
    this.#forget();
  }

  /** Next joined value, in the order of the left stream; undefined when a side has to be read first, or at the end. */
  take(): JoinedValue<unknown, unknown> | undefined {
    const [head] = this.#pending;
    if (head === undefined || !this.#complete(head)) return undefined;
    this.#pending.shift();
    const partners = this.#partners.filter(
      ({ key, timeSeconds }) => key === head.key && Math.abs(timeSeconds - head.timeSeconds) <= this.#within,
    );
    this.#counts[partners.length > 0 ? "matched" : "alone"] += 1;
    this.#forget();
    return {
      timeSeconds: head.timeSeconds,
      key: head.key,
      left: head.value,
      right: partners.map(({ value }) => value),
    };
  }

  /** Share of the left items that found a partner; late items on either side are named. */
  coverage(): Coverage {
    const { left, matched, alone, lateLeft, lateRight, untimedLeft, untimedRight } = this.#counts;
    const missing = gapsOf([
      { count: alone, what: "left item", reason: `no partner within ${this.#within} s` },
      { count: lateLeft, what: "left item", reason: "late" },
      { count: untimedLeft, what: "left item", reason: "without event time" },
      { count: lateRight, what: "right item", reason: "late" },
      { count: untimedRight, what: "right item", reason: "without event time" },
    ]);
    return {
      measure: "item",
      done: matched,
      of: left + lateRight + untimedRight,
      ...(missing.length > 0 && { missing }),
    };
  }

  snapshot(): Json {
    const snapshot: Snapshot = {
      largestLeft: this.#leftMark.largestSeconds,
      largestRight: this.#rightMark.largestSeconds,
      counts: this.#counts,
      pending: this.#pending,
      partners: this.#partners,
    };
    return snapshot as unknown as Json; // whether the items are JSON is checked by whoever stores it
  }

  /** No further partner can come. */
  #complete(item: Timed): boolean {
    return this.#rightEnded || this.#rightMark.seconds > item.timeSeconds + this.#within;
  }

  /** Drops right items too old for any left item that is waiting or may still come. */
  #forget(): void {
    const coming = this.#leftEnded ? Infinity : this.#leftMark.seconds;
    const oldest = this.#pending.reduce((least, { timeSeconds }) => Math.min(least, timeSeconds), coming);
    const before = oldest - this.#within;
    if (before <= this.#forgottenBefore || this.#partners.length === 0) return;
    this.#forgottenBefore = before;
    this.#partners = this.#partners.filter(({ timeSeconds }) => timeSeconds >= before);
  }
}

function isTimed(item: TimedItem): item is Timed {
  return item.timeSeconds !== undefined;
}

interface Snapshot {
  readonly largestLeft: number | null;
  readonly largestRight: number | null;
  readonly counts: typeof counters;
  readonly pending: readonly Timed[];
  readonly partners: readonly Timed[];
}
