import { z } from "zod";
import type { Host } from "../contract/host.ts";
import type { AnyModality } from "../contract/modality.ts";
import type { Payload } from "../contract/payload.ts";
import type { AnyTransform } from "../contract/transform.ts";
import { defineAdapter } from "../define/define-adapter.ts";
import { defineModality } from "../define/define-modality.ts";
import { compileGraph } from "../graph/compile.ts";
import type { CompiledGraph } from "../graph/compiled-graph.ts";
import type { Graph, GraphStep, TransformStep } from "../graph/graph.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { createPayload } from "../run/create-payload.ts";
import { createRunner } from "../run/create-runner.ts";
import { createPortableHost } from "../run/host/portable-host.ts";
import type { RunRequest, RunResult, Runner } from "../run/runner.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { numbersAdapter } from "./numbers-adapter.ts";

/** A measured modality: a stack of pages. A negative number of pages stands for one that nobody knows yet. */
export const stack = defineModality({
  id: "stack",
  summary: "A stack of pages",
  schema: z.strictObject({ pages: z.int(), label: z.string() }),
  measure: "page",
  measureOf: (value) => (value.pages < 0 ? undefined : value.pages),
  describe: (value) => ({ pages: value.pages, label: value.label }),
  sizeOf: (value) => Math.max(0, value.pages) * 1024,
  codecs: {},
});

/** What a test of the runner needs: a runner on a fake clock, the numbers adapter and the test's own transforms. */
export interface RunKit {
  readonly clock: FakeClock;
  readonly host: Host;
  readonly runner: Runner;
  /** Compiles a graph whose last step is its output, unless said otherwise. */
  pipeline(inputs: Graph["inputs"], steps: readonly GraphStep[], rest?: Partial<Graph>): CompiledGraph;
  /** Runs a graph on plain values: arrays for stream inputs. */
  run(
    graph: CompiledGraph,
    inputs: Readonly<Record<string, unknown>>,
    request?: Partial<RunRequest>,
  ): Promise<RunResult>;
}

/** Makes a kit. Ids of the transforms begin with "kit.". */
export function createRunKit(transforms: readonly unknown[] = [], overrides: Partial<Host> = {}): RunKit {
  const clock = createFakeClock();
  const host = createPortableHost({ clock, ...overrides });
  const adapter = defineAdapter({
    spec: 1,
    id: "kit",
    version: "1.0.0",
    summary: "Transforms of one test",
    modalities: [stack],
    transforms: transforms as readonly AnyTransform[],
  }); // types of options and state do not matter here
  const registry = createRegistry([numbersAdapter, adapter]);
  const runner = createRunner({ host, registry });
  return {
    clock,
    host,
    runner,
    pipeline: (inputs, steps, rest = {}) =>
      compileGraph({ stargate: 1, name: "test", inputs, steps, output: steps.at(-1)?.id ?? "", ...rest }, registry),
    run: (graph, inputs, request = {}) => runner.run({ graph, inputs: payloadsOf(graph, inputs), ...request }),
  };
}

/** Inputs of a run from plain values: arrays and async iterables for stream inputs. */
export function payloadsOf(
  graph: CompiledGraph,
  inputs: Readonly<Record<string, unknown>>,
): Record<string, Payload | AsyncIterable<unknown>> {
  return Object.fromEntries(
    [...graph.inputs].map(([name, port]) => [
      name,
      port.many ? iterableOf(inputs[name]) : payloadOf(port.modality, inputs[name]),
    ]),
  );
}

function payloadOf(modality: AnyModality, value: unknown): Payload {
  return createPayload(modality, value);
}

function iterableOf(items: unknown): AsyncIterable<unknown> {
  return Array.isArray(items) ? itemsOf(items) : (items as AsyncIterable<unknown>); // what the test passed
}

/** A stream of the given items. */
export async function* itemsOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** A transform step without options. */
export function step(
  id: string,
  use: string,
  from: TransformStep["from"],
  rest: Partial<TransformStep> = {},
): TransformStep {
  return { kind: "transform", id, use, from, ...rest };
}

/** A promise that a test settles when it is time. */
export interface Gate<T = void> {
  readonly promise: Promise<T>;
  readonly open: (value: T) => void;
}

export function createGate<T = void>(): Gate<T> {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** What a promise rejects with. Asked for early, so that the rejection is never unhandled. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return { resolved: await promise };
  } catch (error) {
    return error;
  }
}
