import { z } from "zod";
import { defineTransform, type TransformInit } from "../../define/define-transform.ts";
import type { AnyTransform } from "../../contract/transform.ts";
import { fail } from "../../errors/catalog.ts";
import { json, text } from "../../modalities/index.ts";
import type { Defect } from "./defect.ts";
import { count, shout, soundSubject } from "./sound-subject.ts";

type Shout = TransformInit<typeof text, typeof text, typeof shout.options & z.ZodType, undefined>;

/** `shout` with another body. */
const shouting = (run: Shout["run"], changes: Partial<AnyTransform> = {}): AnyTransform =>
  Object.freeze({ ...(shout as AnyTransform), ...changes, run: run as AnyTransform["run"] });
const withShout = (run: Shout["run"], changes: Partial<AnyTransform> = {}) =>
  soundSubject({ transforms: [shouting(run, changes), count] });

/** What every sound shout does first. */
const refuseEmpty = (input: string) => {
  if (input === "") throw fail("SG_INPUT_EMPTY", "The text has no characters");
};

/** State outside of ctx.state: gone after a restart. */
const forgetful = (): AnyTransform => {
  let seen = 0;
  return defineTransform({
    id: "letters.count",
    version: "1.0.0",
    summary: "Numbers the texts of a stream",
    from: text,
    to: text,
    coverage: "whole",
    deterministic: false,
    state: { scope: "stream", schema: z.null(), initial: () => null },
    run: (input) => `${++seen} ${input}`,
  });
};

const collect = Object.freeze({
  ...defineTransform({
    id: "letters.collect",
    version: "1.0.0",
    summary: "Sorts a list in place",
    from: json,
    to: json,
    run: (input) => (input as string[]).sort() as never,
  }),
}) as AnyTransform;

export const behaviourDefects: readonly Defect[] = [
  {
    name: "gives a number where text was promised",
    caughtBy: "output-fits",
    subject: withShout((input, context) => {
      refuseEmpty(input);
      context.coverage({ done: 2, of: 2 });
      return 42 as never;
    }),
  },
  {
    name: "gives another answer than its case expects",
    caughtBy: "output-fits",
    subject: soundSubject({
      subject: {
        cases: [
          {
            name: "a word",
            transform: "letters.shout",
            input: () => "hi",
            expect: (output) => {
              if (output !== "HELLO") throw fail("SG_INPUT_INVALID", `got ${String(output)}`);
            },
          },
          { name: "one", transform: "letters.count", input: () => "a" },
        ],
      },
    }),
  },
  {
    name: "sorts its caller's list",
    caughtBy: "input-untouched",
    subject: soundSubject({
      transforms: [collect],
      subject: {
        cases: [{ name: "two letters", transform: "letters.collect", input: () => ["b", "a"] }],
        badInputs: [],
      },
    }),
  },
  {
    name: "throws dice and calls it deterministic",
    caughtBy: "deterministic",
    subject: withShout((input, context) => {
      refuseEmpty(input);
      context.coverage({ done: 2, of: 2 });
      return input + crypto.randomUUID();
    }),
  },
  {
    name: "never says how much it read",
    caughtBy: "coverage-reported",
    subject: soundSubject({
      transforms: [shouting((input) => (refuseEmpty(input), input.toUpperCase())), count],
      subject: {
        cases: [
          { name: "a word", transform: "letters.shout", input: () => "hi" },
          { name: "one", transform: "letters.count", input: () => "a" },
        ],
      },
    }),
  },
  {
    name: "cuts its input short and reports all of it",
    caughtBy: "coverage-honest",
    subject: soundSubject({
      transforms: [
        shouting((input, context) => {
          refuseEmpty(input);
          context.coverage({ done: input.length, of: input.length });
          return input.slice(0, 3).toUpperCase();
        }),
        count,
      ],
      subject: {
        cases: [
          {
            name: "more than it can read",
            transform: "letters.shout",
            input: () => "hello",
            coverage: { done: 3, of: 5 },
          },
          { name: "one", transform: "letters.count", input: () => "a" },
        ],
      },
    }),
  },
  {
    name: "reads more than there is",
    caughtBy: "coverage-honest",
    subject: soundSubject({
      transforms: [
        shouting((input, context) => {
          refuseEmpty(input);
          context.coverage({ done: input.length + 1, of: input.length });
          return input;
        }),
        count,
      ],
      subject: {
        cases: [
          { name: "a word", transform: "letters.shout", input: () => "hi" },
          { name: "one", transform: "letters.count", input: () => "a" },
        ],
      },
    }),
  },
  {
    name: "counts its progress backwards",
    caughtBy: "progress-monotone",
    subject: withShout((input, context) => {
      refuseEmpty(input);
      context.progress(2, 2);
      context.progress(1, 2);
      context.coverage({ done: 2, of: 2 });
      return input;
    }),
  },
  {
    name: "meters a negative quantity",
    caughtBy: "meter-sane",
    subject: withShout((input, context) => {
      refuseEmpty(input);
      context.meter({ unit: "page", quantity: -1 });
      context.coverage({ done: 2, of: 2 });
      return input;
    }),
  },
  {
    name: "itemises an issue without a code",
    caughtBy: "issues-are-coded",
    subject: withShout((input, context) => {
      refuseEmpty(input);
      context.issue({ code: "oops", message: "something happened" });
      context.coverage({ done: 2, of: 2 });
      return input;
    }),
  },
  {
    name: "accepts an empty text",
    caughtBy: "refuses-bad-input",
    subject: withShout((input, context) => {
      context.coverage({ done: input.length, of: input.length });
      return input;
    }),
  },
  {
    name: "lets an engine's own error out",
    caughtBy: "refuses-bad-input",
    subject: withShout((input, context) => {
      if (input === "") JSON.parse(input);
      context.coverage({ done: 2, of: 2 });
      return input;
    }),
  },
  {
    name: "answers a caller's mistake as its own failure",
    caughtBy: "errors-help",
    subject: soundSubject({
      transforms: [
        shouting((input, context) => {
          if (input === "") throw fail("SG_RUN_FAILED", "failed");
          context.coverage({ done: 2, of: 2 });
          return input;
        }),
        count,
      ],
      subject: { badInputs: [{ name: "no text", transform: "letters.shout", input: () => "", code: "SG_RUN_FAILED" }] },
    }),
  },
  {
    name: "leaks an address of the engine's memory",
    caughtBy: "errors-help",
    subject: withShout((input, context) => {
      if (input === "") throw fail("SG_INPUT_EMPTY", "decoder failed at 0x7ffe12345678");
      context.coverage({ done: 2, of: 2 });
      return input;
    }),
  },
  {
    name: "keeps its count in a variable of its own",
    caughtBy: "state-survives-restart",
    subject: soundSubject({
      adapter: {},
      subject: { create: () => soundSubject({ transforms: [shout, forgetful()] }).create() },
    }),
  },
];
