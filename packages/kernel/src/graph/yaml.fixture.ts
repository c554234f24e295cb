import { many } from "../define/many.ts";
import { isStargateError, type StargateError } from "../errors/stargate-error.ts";
import { createRegistry } from "../registry/create-registry.ts";
import {
  add,
  combine,
  fold,
  multiply,
  number,
  numbersAdapter,
  reading,
  split,
  totalOfPair,
  totalOfWindow,
} from "../testing/numbers-adapter.ts";
import { pipeline } from "./builder.ts";
import { compileGraph } from "./compile.ts";
import type { Graph, GraphBody, GraphStep } from "./graph.ts";

export const registry = createRegistry([numbersAdapter]);
export const hashOf = (graph: Graph): string => compileGraph(graph, registry).planHash;

/** The same graph with every list of steps turned round. */
export function reversed<B extends GraphBody>(body: B): B {
  const steps = body.steps.toReversed().map((step): GraphStep => {
    if (step.kind === "switch")
      return {
        ...step,
        cases: step.cases.map(({ when, body: inner }) => ({ when, body: reversed(inner) })),
        otherwise: reversed(step.otherwise),
      };
    return "body" in step ? { ...step, body: reversed(step.body) } : step;
  });
  return { ...body, steps };
}

export function refusal(run: () => unknown): StargateError {
  try {
    run();
  } catch (error) {
    if (isStargateError(error)) return error;
    throw error;
  }
  throw new TypeError("nothing was refused");
}

export const everyKind = `
name: every-kind
description: One step of each kind
inputs: { start: number, log: many(reading) }
steps:
  - id: stream
    use: numbers.split
    with: { atMost: 4 }
    from: start
  - id: each
    map: stream
    using: { extra: start }
    concurrency: 2
    soft: true
    steps:
      - { id: plus, use: numbers.add }          # reads the item
      - { id: pair, use: numbers.combine, from: { left: plus, right: extra } }
  - { id: folded, use: numbers.fold }
  - id: choose
    switch: folded
    cases:
      - when: value > 99
        steps: [{ id: big, use: numbers.add }]
      - when: { any: [descriptor.even == true, { not: "value in [1, 2]" }] }
        steps: [{ id: even, use: numbers.multiply }]
    otherwise: { steps: [], output: input }
  - id: repeat
    loop: choose
    until: value >= 1000
    maxIterations: 9
    steps: [{ id: more, use: numbers.add, with: { by: 7 } }]
  - { id: windows, window: log, seconds: 4, everySeconds: 2, key: source }
  - { id: totals, map: windows, as: window, steps: [{ id: total, use: numbers.total-of-window }] }
  - { id: pairs, join: [log, log], withinSeconds: 1, lateSeconds: 2 }
  - { id: pair-totals, map: pairs, steps: [{ id: pair-total, use: numbers.total-of-pair }] }
  - id: sums
    pipeline:
      inputs: { a: many(number), b: many(number) }
      steps:
        - { id: one, use: numbers.fold, from: a }
        - { id: two, use: numbers.fold, from: b }
        - { id: both, use: numbers.combine, from: { left: one, right: two } }
    from: { a: totals, b: pair-totals }
  - { id: end, use: numbers.combine, from: { left: repeat, right: sums } }
policy: { deadlineMs: 60000, steps: { sums: { retry: { attempts: 2 } } } }
`;

const sums = pipeline(
  "sums",
  { a: many(number), b: many(number) },
  (g, { a, b }) => g.step("both", combine, { left: g.step("one", fold, a), right: g.step("two", fold, b) }),
  { policy: { retry: { attempts: 2, backoffMs: 50, maxBackoffMs: 5000 } } },
);

export const builtEveryKind = pipeline(
  "every-kind",
  { start: number, log: many(reading) },
  (g, { start, log }) => {
    const stream = g.step("stream", split, start, { with: { atMost: 4 } });
    const each = g.map(
      "each",
      stream,
      (body, item, { extra }) => body.step("pair", combine, { left: body.step("plus", add, item), right: extra }),
      { using: { extra: start }, concurrency: 2, soft: true },
    );
    const folded = g.step("folded", fold, each);
    const chosen = g.switch(
      "choose",
      folded,
      { input: folded },
      {
        cases: [
          [{ field: "value", op: ">", value: 99 }, (body, { input }) => body.step("big", add, input)],
          [
            {
              any: [
                { field: "descriptor.even", op: "==", value: true },
                { not: { field: "value", op: "in", value: [1, 2] } },
              ],
            },
            (body, { input }) => body.step("even", multiply, input),
          ],
        ],
        otherwise: (_, { input }) => input,
      },
    );
    const repeated = g.loop("repeat", chosen, (body, value) => body.step("more", add, value, { with: { by: 7 } }), {
      until: { field: "value", op: ">=", value: 1000 },
      maxIterations: 9,
    });
    const windows = g.window("windows", log, { seconds: 4, everySeconds: 2, key: "source" });
    const pairs = g.join("pairs", log, log, { withinSeconds: 1, lateSeconds: 2 });
    const end = g.pipeline("sums", sums, {
      a: g.map("totals", windows, (body, window) => body.step("total", totalOfWindow, window)),
      b: g.map("pair-totals", pairs, (body, pair) => body.step("pair-total", totalOfPair, pair)),
    });
    return g.step("end", combine, { left: repeated, right: end });
  },
  { policy: { deadlineMs: 60_000 } },
);
