import type { AnyModality, Many } from "../contract/modality.ts";

/** A stream of items of a modality: `from: many(frame)`. */
export function many<M extends AnyModality>(item: M): Many<M> {
  return Object.freeze({ kind: "many", item });
}
