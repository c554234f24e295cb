import type { Json } from "../util/json.ts";
import type { AnyModality, ValueOf } from "./modality.ts";
import type { Log } from "./run-context.ts";
import type { Payload } from "./payload.ts";
import type { Receipt } from "./receipt.ts";

/** One thing a source offers. It stays the source's until `ack` has resolved. */
export interface SourceItem<T = unknown> {
  /** Stable identity of the content ("sha256:..."): the same thing offered twice has the same id. */
  readonly id: string;
  readonly value: T;
  /** File name, topic or address, for people. */
  readonly name?: string | undefined;
  /** Position after this item; stored with the acknowledgement and handed to `open` on restart. */
  readonly cursor: Json;
  /** Called after the sink has taken the result. Must be idempotent. */
  ack(): Promise<void>;
  /** Called when the item can never succeed: the source puts it aside with the reason. */
  reject(reason: { readonly code: string; readonly message: string; readonly hint: string }): Promise<void>;
}

export interface ConnectorContext {
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Where a long-lived flow begins. */
export interface Source<M extends AnyModality = AnyModality> {
  readonly kind: "source";
  readonly id: string;
  readonly modality: M;
  /** Yields items until the signal aborts. `cursor` is the last acknowledged one, or null at first. */
  open(context: ConnectorContext & { readonly cursor: Json }): AsyncIterable<SourceItem<ValueOf<M>>>;
}

/** One result on its way out. */
export interface Delivery<T = unknown> {
  /** Same for every attempt of the same input and plan: a sink that has seen it does nothing. */
  readonly idempotencyKey: string;
  readonly payload: Payload<T>;
  readonly receipt: Receipt;
  /** Name of the source item. */
  readonly name?: string | undefined;
}

/** Where a long-lived flow ends. */
export interface Sink<M extends AnyModality = AnyModality> {
  readonly kind: "sink";
  readonly id: string;
  /** What it takes; a sink that takes anything names no modality. */
  readonly modality?: M | undefined;
  /** Resolves when the result is durable. */
  deliver(delivery: Delivery<ValueOf<M>>, context: ConnectorContext): Promise<void>;
}
