import { z } from "zod";
import type { AnyModality, Modality, ValueOf } from "../contract/modality.ts";
import { defineModality } from "../define/define-modality.ts";

/** Items of a stream that fell into one window. */
export interface WindowValue<T> {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly key: string;
  readonly items: readonly T[];
}

/** One left item with its partners on the right. */
export interface JoinedValue<L, R> {
  readonly timeSeconds: number;
  readonly key: string;
  readonly left: L;
  readonly right: readonly R[];
}

const windowFields = { startSeconds: z.number(), endSeconds: z.number(), key: z.string() };

/** Modality of the values a window step makes: "window(<id>)". */
export function windowOf<M extends AnyModality>(
  item: M,
): Modality<WindowValue<ValueOf<M>>, `window(${M["id"]})`, "item"> {
  return derived(
    `window(${item.id})`,
    `Windows of ${item.id}`,
    z.strictObject({ ...windowFields, items: z.array(item.schema).readonly() }),
    (value) => value.items.length,
    (value) => value.endSeconds,
  ) as never; // the id is built at run time
}

/** Modality of the values a join step makes: "joined(<left>,<right>)". */
export function joinedOf<L extends AnyModality, R extends AnyModality>(
  left: L,
  right: R,
): Modality<JoinedValue<ValueOf<L>, ValueOf<R>>, `joined(${L["id"]},${R["id"]})`, "item"> {
  const schema = z.strictObject({
    timeSeconds: z.number(),
    key: z.string(),
    left: left.schema,
    right: z.array(right.schema).readonly(),
  });
  return derived(
    `joined(${left.id},${right.id})`,
    `${left.id} with ${right.id} at the same time`,
    schema,
    (value) => 1 + value.right.length,
    (value) => value.timeSeconds,
  ) as never; // the id is built at run time
}

function derived<S extends z.ZodType>(
  id: string,
  summary: string,
  schema: S,
  measureOf: (value: z.output<S>) => number,
  timeOf: (value: z.output<S>) => number,
): AnyModality {
  const codec = { encode: (value: z.output<S>) => JSON.stringify(value) };
  const base = defineModality({
    id: "derived",
    summary,
    schema,
    measure: "item",
    measureOf,
    timeOf,
    codecs: { "application/json": codec },
  });
  return Object.freeze({ ...base, id });
}
