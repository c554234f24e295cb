import { z } from "zod";
import type { AnyTransform } from "../../contract/transform.ts";
import type { Defect } from "./defect.ts";
import { count, note, shout, soundSubject } from "./sound-subject.ts";

/** A definition made by hand instead of by its define function: nothing stops the mistake. */
const altered = (changes: Partial<AnyTransform>): AnyTransform =>
  Object.freeze({ ...(shout as AnyTransform), ...changes });

export const definitionDefects: readonly Defect[] = [
  {
    name: "written for a contract that does not exist",
    caughtBy: "spec-literal",
    subject: soundSubject({ adapter: { spec: 7 as 1 } }),
  },
  {
    name: "names a transform after another adapter",
    caughtBy: "ids-prefixed",
    subject: soundSubject({
      adapter: { transforms: [altered({ id: "stranger.shout" }), count as AnyTransform] },
      subject: {
        cases: [
          { name: "a word", transform: "stranger.shout", input: () => "hi" },
          { name: "one", transform: "letters.count", input: () => "a" },
        ],
        badInputs: [],
      },
    }),
  },
  {
    name: "defines a transform twice",
    caughtBy: "ids-prefixed",
    subject: soundSubject({ adapter: { transforms: [shout as AnyTransform, altered({}), count as AnyTransform] } }),
  },
  {
    name: "does not say what a transform is for",
    caughtBy: "summaries",
    subject: soundSubject({ adapter: { transforms: [altered({ summary: "" }), count as AnyTransform] } }),
  },
  {
    name: "brings a transform that no case runs",
    caughtBy: "every-transform-has-a-case",
    subject: soundSubject({ subject: { cases: [{ name: "a word", transform: "letters.shout", input: () => "hi" }] } }),
  },
  {
    name: "swallows misspelt options",
    caughtBy: "options-strict",
    subject: soundSubject({
      transforms: [altered({ options: z.looseObject({ suffix: z.string().default("") }) }), count],
    }),
  },
  {
    name: "predicts NaN milliseconds when the length is not known",
    caughtBy: "cost-finite",
    subject: soundSubject({
      transforms: [altered({ cost: (descriptor) => ({ ms: Number(descriptor["characters"]) * 2 }) }), count],
    }),
  },
  {
    name: "claims to add information",
    caughtBy: "loss-weights",
    subject: soundSubject({ transforms: [altered({ loss: { layout: -1 } }), count] }),
  },
  {
    name: "puts the worse rung first",
    caughtBy: "ladder-descends",
    subject: soundSubject({
      transforms: [
        altered({
          ladder: [
            { name: "fast", quality: 0.5 },
            { name: "good", quality: 1 },
          ],
        }),
        count,
      ],
    }),
  },
  {
    name: "forgets to declare coverage",
    caughtBy: "coverage-declared",
    subject: soundSubject({
      adapter: { transforms: [altered({ coverage: undefined as never }), count as AnyTransform] },
    }),
  },
  { name: "can be changed while it is open", caughtBy: "frozen", subject: soundSubject({ modalities: [{ ...note }] }) },
  {
    name: "begins with a state its schema refuses",
    caughtBy: "state-initial",
    subject: soundSubject({
      transforms: [
        shout,
        Object.freeze({
          ...(count as AnyTransform),
          state: {
            scope: "stream" as const,
            schema: z.strictObject({ seen: z.int().min(1) }),
            initial: () => ({ seen: 0 }),
          },
        }),
      ],
    }),
  },
  {
    name: "hands the same state object to every key",
    caughtBy: "state-initial",
    subject: (() => {
      const shared = Object.freeze({ seen: 0 });
      return soundSubject({
        transforms: [
          shout,
          Object.freeze({
            ...(count as AnyTransform),
            state: { scope: "stream" as const, schema: z.strictObject({ seen: z.int() }), initial: () => shared },
          }),
        ],
      });
    })(),
  },
];
