import type { Delivery, Sink, Source, SourceItem } from "../contract/connector.ts";
import { text } from "../modalities/index.ts";
import type { Json } from "../util/json.ts";

/** A source with a list of items and a cursor; it offers again what was not acknowledged. */
export class ListSource implements Source {
  readonly kind = "source";
  readonly id = "list";
  readonly modality = text;
  readonly acknowledged: string[] = [];
  readonly rejected: Record<string, string> = {};
  readonly opened: Json[] = [];
  readonly #values: readonly string[];
  readonly #open: ListSourceOptions;

  constructor(values: readonly string[], options: ListSourceOptions = {}) {
    this.#values = values;
    this.#open = options;
  }

  async *open({ signal, cursor }: Parameters<Source["open"]>[0]): AsyncGenerator<SourceItem> {
    this.opened.push(cursor);
    this.#open.onOpen?.(this.opened.length);
    for (const [index, value] of this.#values.entries()) {
      if (signal.aborted) return;
      if (typeof cursor === "number" && index <= cursor) continue;
      yield {
        id: `sha256:${value}`,
        value,
        name: value,
        cursor: index,
        ack: () => Promise.resolve(void this.acknowledged.push(value)),
        reject: (reason) => Promise.resolve(void (this.rejected[value] = reason.code)),
      };
    }
    if (this.#open.stayOpen === true && !signal.aborted)
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
}

export interface ListSourceOptions {
  readonly onOpen?: (times: number) => void;
  readonly stayOpen?: boolean;
}

/** A sink that is idempotent by key and can be told to fail. */
export class ListSink implements Sink {
  readonly kind = "sink";
  readonly id = "list";
  readonly taken = new Map<string, unknown>();
  attempts = 0;
  before: (delivery: Delivery) => void | Promise<void> = () => undefined;

  async deliver(delivery: Delivery): Promise<void> {
    this.attempts += 1;
    await this.before(delivery);
    this.taken.set(delivery.idempotencyKey, delivery.payload.value);
  }

  get values(): string[] {
    return [...this.taken.values()].map(String);
  }
}
