import { z } from "zod";
import type { Adapter } from "../../contract/adapter.ts";
import type { AnyModality } from "../../contract/modality.ts";
import type { AnyTransform } from "../../contract/transform.ts";
import { defineAdapter } from "../../define/define-adapter.ts";
import { defineModality } from "../../define/define-modality.ts";
import { defineTransform } from "../../define/define-transform.ts";
import { fail } from "../../errors/catalog.ts";
import { text } from "../../modalities/index.ts";
import type { AdapterSubject } from "../conformance/adapter-subject.ts";

/** A small sound modality: lines that begin with "NOTE ". */
export const note = defineModality({
  id: "note",
  summary: "A note of a few words",
  schema: z.strictObject({ words: z.array(z.string()) }),
  measure: "word",
  measureOf: (value) => value.words.length,
  sniff: (head) =>
    new TextDecoder().decode(head.subarray(0, 5)) === "NOTE " ? { mediaType: "text/x-note", confidence: 1 } : undefined,
  codecs: {
    "text/x-note": {
      decode: async (blob) => ({ words: (await blob.text()).split(" ").slice(1) }),
      encode: (value) => `NOTE ${value.words.join(" ")}`,
    },
  },
});

/** A small sound transform: upper case, refusing the empty text. */
export const shout = defineTransform({
  id: "letters.shout",
  version: "1.0.0",
  summary: "Turns text into upper case",
  from: text,
  to: text,
  options: z.strictObject({ suffix: z.string().default("") }),
  coverage: "reported",
  run(input, context) {
    context.signal.throwIfAborted();
    if (input === "") throw fail("SG_INPUT_EMPTY", "The text has no characters");
    context.progress(input.length, input.length);
    context.meter({ unit: "character", quantity: input.length });
    context.coverage({ done: input.length, of: input.length });
    return input.toUpperCase() + context.options.suffix;
  },
});

/** A small sound stateful transform: numbers what passes. */
export const count = defineTransform({
  id: "letters.count",
  version: "1.0.0",
  summary: "Numbers the texts of a stream",
  from: text,
  to: text,
  coverage: "whole",
  state: { scope: "stream", schema: z.strictObject({ seen: z.int() }), initial: () => ({ seen: 0 }) },
  run(input, context) {
    const seen = context.state.get().seen + 1;
    context.state.set({ seen });
    return `${seen} ${input}`;
  },
});

export interface Parts {
  readonly adapter?: Partial<Adapter>;
  readonly modalities?: readonly AnyModality[];
  readonly transforms?: readonly AnyTransform[];
  readonly subject?: Partial<AdapterSubject>;
}

/** An adapter that conforms, with some parts replaced: each defect differs from it in one thing. */
export function soundSubject(parts: Parts = {}): AdapterSubject {
  return {
    create: () => {
      const adapter = defineAdapter({
        spec: 1,
        id: "letters",
        version: "1.0.0",
        summary: "Plays with letters",
        modalities: parts.modalities ?? [note],
        transforms: parts.transforms ?? [shout, count],
      });
      return parts.adapter === undefined ? adapter : Object.freeze({ ...adapter, ...parts.adapter });
    },
    cases: [
      { name: "a word", transform: "letters.shout", input: () => "hi", coverage: { done: 2, of: 2 } },
      { name: "three texts", transform: "letters.count", input: () => "a", items: () => ["a", "b", "c"] },
    ],
    badInputs: [{ name: "no text", transform: "letters.shout", input: () => "", code: "SG_INPUT_EMPTY" }],
    samples: [{ modality: "note", mediaType: "text/x-note", bytes: () => new Blob(["NOTE buy milk"]) }],
    ...parts.subject,
  };
}
