import { z } from "zod";
import { defineAdapter } from "../define/define-adapter.ts";
import { defineModality } from "../define/define-modality.ts";
import { defineTransform } from "../define/define-transform.ts";
import { many } from "../define/many.ts";
import { createErrorFactory } from "../errors/error-factory.ts";
import { joinedOf, windowOf } from "../modalities/derived-modalities.ts";

/** Every number stays below this prime, so that sums and products are exact integers. */
const modulus = 1_000_003;

const numberErrors = createErrorFactory({
  SG_NUMBERS_DIVISIBLE: {
    title: "Divisible",
    meaning: "The number is one this transform refuses.",
    solution: "Send another number.",
    status: 422,
    retryable: false,
    public: true,
  },
});

const json = {
  "application/json": {
    decode: async (input: Blob) => JSON.parse(await input.text()) as never,
    encode: (value: unknown) => JSON.stringify(value),
  },
}; // the schema checks what was parsed

/** An integer from 0 to 1,000,002. */
export const number = defineModality({
  id: "number",
  summary: "A small integer",
  schema: z
    .int()
    .min(0)
    .max(modulus - 1),
  measure: "none",
  codecs: json,
  describe: (value) => ({ value, even: value % 2 === 0 }),
});

/** A number at a time, from one of several sources. */
export const reading = defineModality({
  id: "reading",
  summary: "A number at a time",
  schema: z.strictObject({ timeSeconds: z.number(), source: z.string(), value: z.int() }),
  measure: "none",
  codecs: json,
  timeOf: (value) => value.timeSeconds,
});

const by = z.strictObject({ by: z.int().min(0).default(1) });
const base = { version: "1.0.0" } as const;
const wrap = (value: number): number => value % modulus;

export const add = defineTransform({
  ...base,
  id: "numbers.add",
  summary: "Adds a constant",
  from: number,
  to: number,
  options: by,
  run: (input, { options }) => wrap(input + options.by),
});

export const multiply = defineTransform({
  ...base,
  id: "numbers.multiply",
  summary: "Multiplies by a constant",
  from: number,
  to: number,
  options: by,
  run: (input, { options }) => wrap(input * options.by),
});

/** Fails for multiples of `by`: soft steps. */
export const refuse = defineTransform({
  ...base,
  id: "numbers.refuse",
  summary: "Passes numbers on, but refuses multiples of a constant",
  from: number,
  to: number,
  options: z.strictObject({ by: z.int().min(2).default(3) }),
  run(input, { options }) {
    if (input % options.by === 0) throw numberErrors("SG_NUMBERS_DIVISIBLE", `${input} is a multiple of ${options.by}`);
    return input;
  },
});

/** Holds state: the result depends on everything that came before. */
const accumulate = defineTransform({
  ...base,
  id: "numbers.accumulate",
  summary: "Sum of all numbers so far",
  from: number,
  to: number,
  state: { scope: "stream", schema: z.int(), initial: () => 0 },
  run(input, { state }) {
    const total = wrap(state.get() + input);
    state.set(total);
    return total;
  },
});

/** Fan-in by name; not commutative, so that swapped wires are seen. */
export const combine = defineTransform({
  ...base,
  id: "numbers.combine",
  summary: "3 * left + 5 * right",
  from: { left: number, right: number },
  to: number,
  run: ({ left, right }) => wrap(3 * left + 5 * right),
});

export const split = defineTransform({
  ...base,
  id: "numbers.split",
  summary: "A stream of consecutive numbers, up to 8 of them",
  from: number,
  to: many(number),
  options: z.strictObject({ atMost: z.int().min(0).max(8).default(5) }),
  async *run(input, { options }) {
    for (let index = 0; index < input % (options.atMost + 1); index++) yield wrap(input + index);
  },
});

/** Stream to stream, fewer out than in. */
const everyOther = defineTransform({
  ...base,
  id: "numbers.every-other",
  summary: "The first of every two numbers",
  from: many(number),
  to: many(number),
  async *run(input) {
    let index = 0;
    for await (const value of input) if (index++ % 2 === 0) yield value;
  },
});

/** Stream to value; the result depends on the order. */
export const fold = defineTransform({
  ...base,
  id: "numbers.fold",
  summary: "31 * previous + next, over a stream",
  from: many(number),
  to: number,
  async run(input) {
    let total = 7;
    for await (const value of input) total = wrap(31 * total + value);
    return total;
  },
});

/** Fan-in of a stream and a value. */
const weigh = defineTransform({
  ...base,
  id: "numbers.weigh",
  summary: "Sum of a stream times a weight",
  from: { values: many(number), weight: number },
  to: number,
  async run({ values, weight }) {
    let total = 0;
    for await (const value of values) total = wrap(total + value * weight);
    return total;
  },
});

const sample = defineTransform({
  ...base,
  id: "numbers.sample",
  summary: "Readings over time, a few of them late",
  from: number,
  to: many(reading),
  options: z.strictObject({ count: z.int().min(0).max(20).default(6), lateEvery: z.int().min(2).default(4) }),
  async *run(input, { options }) {
    for (let index = 0; index < options.count; index++) {
      const lateSeconds = index % options.lateEvery === options.lateEvery - 1 ? 3 : 0;
      yield {
        timeSeconds: index + (input % 3) * 0.5 - lateSeconds,
        source: (input + index) % 2 === 0 ? "a" : "b",
        value: wrap(input + index),
      };
    }
  },
});

export const valueOf = defineTransform({
  ...base,
  id: "numbers.value-of",
  summary: "The number of a reading",
  from: reading,
  to: number,
  run: (input) => wrap(Math.abs(input.value)),
});

export const totalOfWindow = defineTransform({
  ...base,
  id: "numbers.total-of-window",
  summary: "Window bounds and items as one number",
  from: windowOf(reading),
  to: number,
  coverage: "whole",
  run: (input) =>
    input.items.reduce(
      (total, item) => wrap(31 * total + item.value),
      wrap(Math.abs(Math.round(2 * input.startSeconds))) + input.key.length,
    ),
});

export const totalOfPair = defineTransform({
  ...base,
  id: "numbers.total-of-pair",
  summary: "A left reading and its partners as one number",
  from: joinedOf(reading, reading),
  to: number,
  coverage: "whole",
  run: (input) => input.right.reduce((total, item) => wrap(31 * total + item.value), wrap(Math.abs(input.left.value))),
});

/** Small numbers and streams of them: enough to build a graph of every kind of step, and cheap enough to run thousands. */
export const numbersAdapter = defineAdapter({
  spec: 1,
  id: "numbers",
  version: "1.0.0",
  summary: "Small numbers, for tests of graphs",
  modalities: [number, reading],
  transforms: [
    add,
    multiply,
    refuse,
    accumulate,
    combine,
    split,
    everyOther,
    fold,
    weigh,
    sample,
    valueOf,
    totalOfWindow,
    totalOfPair,
  ],
});
