import type { Coverage } from "../../contract/coverage.ts";
import type { WindowValue } from "../../modalities/derived-modalities.ts";
import type { WindowStep } from "../../graph/graph.ts";
import type { Json } from "../../util/json.ts";
import { Watermark, type TimedItem } from "./event-time.ts";
import { gapsOf } from "./gaps.ts";

interface OpenWindow {
  startSeconds: number;
  endSeconds: number;
  readonly key: string;
  readonly items: unknown[];
}

type TimeSize = Extract<WindowStep["size"], { readonly seconds: number }>;

const counters = { total: 0, used: 0, late: 0, untimed: 0, between: 0 };

/**
 * The open windows of one stream. Windows by time start at multiples of `everySeconds` (default: their length) from
 * the stream's origin and hold [start, end); one that the watermark has passed is closed for good
 * (T. Akidau et al., "The Dataflow Model", VLDB 2015). Windows by count close when full. Pure: no clock, no process.
 */
export class WindowSet {
  readonly #size: WindowStep["size"];
  readonly #watermark: Watermark;
  readonly #open = new Map<string, OpenWindow>();
  readonly #counts: typeof counters;
  /** No open window ends before this. */
  #nextEndSeconds = Infinity;

  constructor(size: WindowStep["size"], lateSeconds: number, stored?: Json) {
    const snapshot = stored as Snapshot | undefined; // written by `snapshot` of the same plan
    this.#size = size;
    this.#watermark = new Watermark(lateSeconds, snapshot?.largestSeconds);
    this.#counts = { ...counters, ...snapshot?.counts };
    for (const window of snapshot?.windows ?? []) this.#keep({ ...window, items: [...window.items] });
  }

  /** Takes an item and gives the windows it closes, in order of their end, then of their key. */
  push(item: TimedItem): readonly WindowValue<unknown>[] {
    this.#counts.total += 1;
    return "items" in this.#size ? this.#pushCounted(item, this.#size.items) : this.#pushTimed(item, this.#size);
  }

  /** The stream has ended: gives all windows that are still open. */
  flush(): readonly WindowValue<unknown>[] {
    return this.#take(() => true);
  }

  /** Share of the items that are in some window. */
  coverage(): Coverage {
    const { total, used, late, untimed, between } = this.#counts;
    const missing = gapsOf([
      { count: late, what: "item", reason: "late: their window had closed" },
      { count: untimed, what: "item", reason: "without event time" },
      { count: between, what: "item", reason: "between two windows" },
    ]);
    return { measure: "item", done: used, of: total, ...(missing.length > 0 && { missing }) };
  }

  snapshot(): Json {
    const snapshot: Snapshot = {
      largestSeconds: this.#watermark.largestSeconds,
      counts: this.#counts,
      windows: [...this.#open.values()],
    };
    return snapshot as unknown as Json; // whether the items are JSON is checked by whoever stores it
  }

  #pushCounted({ value, timeSeconds = 0, key }: TimedItem, limit: number): readonly WindowValue<unknown>[] {
    const window =
      this.#open.get(key) ?? this.#keep({ startSeconds: timeSeconds, endSeconds: timeSeconds, key, items: [] });
    window.startSeconds = Math.min(window.startSeconds, timeSeconds);
    window.endSeconds = Math.max(window.endSeconds, timeSeconds);
    window.items.push(value);
    this.#counts.used += 1;
    return window.items.length < limit ? [] : this.#take((candidate) => candidate === window);
  }

  #pushTimed(
    { value, timeSeconds, key }: TimedItem,
    { seconds, everySeconds = seconds }: TimeSize,
  ): readonly WindowValue<unknown>[] {
    if (timeSeconds === undefined) {
      this.#counts.untimed += 1;
      return [];
    }
    let [late, used] = [false, false];
    for (let index = Math.floor(timeSeconds / everySeconds); ; index--) {
      const startSeconds = index === 0 ? 0 : index * everySeconds; // never -0
      const endSeconds = startSeconds + seconds;
      if (endSeconds <= timeSeconds) break;
      if (startSeconds > timeSeconds) continue; // rounding of the division
      if (endSeconds <= this.#watermark.seconds) late = true;
      else {
        used = true;
        this.#windowOf(startSeconds, endSeconds, key).items.push(value);
      }
    }
    this.#counts[used ? "used" : late ? "late" : "between"] += 1;
    this.#watermark.see(timeSeconds);
    const watermark = this.#watermark.seconds;
    return watermark < this.#nextEndSeconds ? [] : this.#take((window) => window.endSeconds <= watermark);
  }

  #windowOf(startSeconds: number, endSeconds: number, key: string): OpenWindow {
    return this.#open.get(`${startSeconds}/${key}`) ?? this.#keep({ startSeconds, endSeconds, key, items: [] });
  }

  #keep(window: OpenWindow): OpenWindow {
    this.#open.set("items" in this.#size ? window.key : `${window.startSeconds}/${window.key}`, window);
    this.#nextEndSeconds = Math.min(this.#nextEndSeconds, window.endSeconds);
    return window;
  }

  #take(closes: (window: OpenWindow) => boolean): readonly WindowValue<unknown>[] {
    const taken: OpenWindow[] = [];
    this.#nextEndSeconds = Infinity;
    for (const [id, window] of this.#open) {
      if (closes(window)) {
        taken.push(window);
        this.#open.delete(id);
      } else this.#nextEndSeconds = Math.min(this.#nextEndSeconds, window.endSeconds);
    }
    return taken.sort((a, b) => a.endSeconds - b.endSeconds || (a.key < b.key ? -1 : Number(a.key > b.key)));
  }
}

interface Snapshot {
  readonly largestSeconds: number | null;
  readonly counts: typeof counters;
  readonly windows: readonly OpenWindow[];
}
