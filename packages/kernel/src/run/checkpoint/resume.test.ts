import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineAdapter } from "../../define/define-adapter.ts";
import { defineTransform } from "../../define/define-transform.ts";
import { many } from "../../define/many.ts";
import { compileGraph } from "../../graph/compile.ts";
import type { CompiledGraph } from "../../graph/compiled-graph.ts";
import { joinedOf } from "../../modalities/derived-modalities.ts";
import type { Graph, GraphStep } from "../../graph/graph.ts";
import { createRegistry } from "../../registry/create-registry.ts";
import { numbersAdapter, reading } from "../../testing/numbers-adapter.ts";
import { step } from "../../testing/run-kit.ts";
import { seededRandom, type SeededRandom } from "../../testing/seeded-random.ts";
import type { Checkpoint, CheckpointStore } from "./checkpoint.ts";
import { createRunner } from "../create-runner.ts";
import { createPortableHost } from "../host/portable-host.ts";

const count = Number(process.env["STARGATE_RESUMES"] ?? 1000);
const firstSeed = Number(process.env["STARGATE_SEED"] ?? 1);

const readingState = { schema: z.int(), initial: () => 0 };

/** Per key: running sum of each source. */
const sumBySource = defineTransform({
  id: "kit.sum-by-source",
  version: "1.0.0",
  summary: "Running sum per source",
  from: reading,
  to: reading,
  state: { scope: "key", ...readingState },
  run(input, { state }) {
    const value = state.get(input.source) + input.value;
    state.set(value, input.source);
    return { ...input, value };
  },
});

/** Per stream, with a failing item now and then. */
const fussySum = defineTransform({
  id: "kit.fussy-sum",
  version: "1.0.0",
  summary: "Running sum; refuses multiples of seven after it has looked at them",
  from: reading,
  to: reading,
  state: { scope: "stream", ...readingState },
  run(input, { state }) {
    state.set(state.get() + 1);
    if (input.value % 7 === 0) throw new RangeError("a multiple of seven");
    return { ...input, value: input.value + state.get() };
  },
});

/** Stream to stream, with declared state. */
const thin = defineTransform({
  id: "kit.thin",
  version: "1.0.0",
  summary: "Two of every three",
  from: many(reading),
  to: many(reading),
  state: { scope: "stream", ...readingState },
  async *run(input, { state }) {
    for await (const item of input) {
      const index = state.get();
      state.set(index + 1);
      if (index % 3 !== 2) yield item;
    }
  },
});

/** Has a last word when its stream ends. */
const withTotal = defineTransform({
  id: "kit.with-total",
  version: "1.0.0",
  summary: "All readings, then their sum",
  from: many(reading),
  to: many(reading),
  state: {
    scope: "stream",
    schema: z.strictObject({ timeSeconds: z.number(), value: z.int() }),
    initial: () => ({ timeSeconds: 0, value: 0 }),
  },
  async *run(input, { state }) {
    for await (const item of input) {
      const { timeSeconds, value } = state.get();
      state.set({ timeSeconds: Math.max(timeSeconds, item.timeSeconds), value: value + item.value });
      yield item;
    }
    yield { ...state.get(), source: "a" };
  },
});

const leftOf = defineTransform({
  id: "kit.left-of",
  version: "1.0.0",
  summary: "The left item of a pair, plus the number of its partners",
  from: joinedOf(reading, reading),
  to: reading,
  coverage: "whole",
  run: ({ left, right }) => ({ ...left, value: left.value + right.length }),
});

const adapter = defineAdapter({
  spec: 1,
  id: "kit",
  version: "1.0.0",
  summary: "Stateful steps",
  transforms: [sumBySource, fussySum, thin, withTotal, leftOf] as never,
});
const registry = createRegistry([numbersAdapter, adapter]);

/** A random pipeline over one or two streams whose every step remembers something. */
function randomPipeline(random: SeededRandom): CompiledGraph {
  const steps: GraphStep[] = [];
  const add = (next: GraphStep): string => {
    steps.push(next);
    return next.id;
  };
  let lastId = 0;
  const id = (): string => `s${++lastId}`;
  const map = (over: string, use: string, item: string): string =>
    add({
      kind: "map",
      id: id(),
      over,
      soft: true,
      body: { inputs: { item }, steps: [step("inner", use, "item")], output: "inner" },
      order: random.pick(["input", "completion"]),
    });
  const remember = (over: string): string => {
    const way = random.integer(0, 5);
    if (way === 5) return add(step(id(), "kit.with-total", over));
    if (way === 4) {
      // A sub-pipeline reads the outer stream twice and lets one branch wait for the other.
      const body = {
        inputs: { value: "many(reading)" },
        steps: [
          step("thinned", "kit.thin", "value"),
          { kind: "join" as const, id: "pairs", left: "value", right: "thinned", withinSeconds: 1 },
          {
            kind: "map" as const,
            id: "lefts",
            over: "pairs",
            body: {
              inputs: { item: "joined(reading,reading)" },
              steps: [step("left", "kit.left-of", "item")],
              output: "left",
            },
          },
        ],
        output: "lefts",
      };
      return add({ kind: "pipeline", id: id(), from: { value: over }, body });
    }
    if (way === 0) return add(step(id(), "kit.thin", over));
    return way === 1 ? over : map(over, random.pick(["kit.sum-by-source", "kit.fussy-sum"]), "reading");
  };
  const key = random.chance(0.5) ? { key: "source" } : {};
  const two = random.chance(0.5);
  const inputs = { first: "many(reading)", ...(two && { second: "many(reading)" }) };
  let output: string;
  if (two || random.chance(0.5)) {
    const [left, right] = [remember("first"), remember(two ? "second" : "first")];
    const joined = add({
      kind: "join",
      id: id(),
      left,
      right,
      withinSeconds: random.integer(0, 3),
      lateSeconds: random.integer(0, 3),
      ...key,
    });
    output = map(joined, "numbers.total-of-pair", "joined(reading,reading)");
  } else {
    const size = random.chance(0.3)
      ? { items: random.integer(1, 4) }
      : { seconds: random.integer(2, 5), everySeconds: random.integer(1, 2) };
    const windows = add({
      kind: "window",
      id: id(),
      over: remember("first"),
      size,
      ...("seconds" in size && { lateSeconds: random.integer(0, 3) }),
      ...key,
    });
    output = map(windows, "numbers.total-of-window", "window(reading)");
  }
  if (random.chance(0.5))
    output = add({
      kind: "map",
      id: id(),
      over: output,
      body: { inputs: { item: "number" }, steps: [step("inner", "numbers.accumulate", "item")], output: "inner" },
    });
  const graph: Graph = { stargate: 1, name: "resumed", inputs, steps, output };
  return compileGraph(graph, registry);
}

function randomReadings(random: SeededRandom) {
  return Array.from({ length: random.integer(0, 25) }, (_, index) => ({
    timeSeconds: index + random.integer(-4, 2) / 2,
    source: random.pick(["a", "b"]),
    value: random.integer(0, 999),
  }));
}

/** Delivers items after a few turns of the microtask queue, as a live source does. */
async function* trickle<T>(items: readonly T[], random: SeededRandom, onItem: () => void): AsyncGenerator<T> {
  for (const item of items) {
    for (let turn = random.integer(0, 20); turn > 0; turn--) await Promise.resolve();
    onItem();
    yield item;
  }
}

/** Keeps what was saved as JSON text, as a file would. */
function memoryStore(): CheckpointStore {
  const saved = new Map<string, string>();
  return {
    load: async (key) => (saved.has(key) ? (JSON.parse(saved.get(key) ?? "") as Checkpoint) : undefined),
    save: async (key, checkpoint) => void saved.set(key, JSON.stringify(checkpoint)),
  };
}

/** Runs until the end or until killed; puts outputs in their place and says whether the run ended by itself. */
async function runUntilKilled(
  graph: CompiledGraph,
  streams: Readonly<Record<string, readonly unknown[]>>,
  random: SeededRandom,
  killed: { readonly afterItems: number; readonly store: CheckpointStore; readonly everyItems: number },
  outputs: Map<number, unknown[]>,
): Promise<boolean> {
  const runner = createRunner({
    host: createPortableHost(),
    registry,
    edgeLimits: { maxItems: random.integer(1, 4), maxBytes: 1 << 20 },
  });
  const controller = new AbortController();
  let left = killed.afterItems;
  const tick = (): void => {
    left -= 1;
    if (left === 0) controller.abort();
  };
  const inputs = Object.fromEntries(
    Object.entries(streams).map(([name, items]) => [name, trickle(items, random, tick)]),
  );
  const stream = runner.stream({
    graph,
    inputs,
    signal: controller.signal,
    checkpoints: { store: killed.store, key: "run", everyItems: killed.everyItems },
  });
  let index = await stream.firstIndex;
  try {
    for await (const { value } of stream) {
      outputs.set(index, [...(outputs.get(index) ?? []), value]);
      index += 1;
      if (random.chance(0.3)) tick();
    }
    return true;
  } catch (error) {
    if (controller.signal.aborted) return false;
    throw error;
  }
}

async function resumedDifference(seed: number): Promise<string | undefined> {
  const random = seededRandom(seed);
  const graph = randomPipeline(random);
  const streams = Object.fromEntries([...graph.inputs.keys()].map((name) => [name, randomReadings(random)]));
  const undisturbed = new Map<number, unknown[]>();
  const everyItems = random.integer(1, 5);
  await runUntilKilled(graph, streams, random, { afterItems: Infinity, store: memoryStore(), everyItems }, undisturbed);
  const outputs = new Map<number, unknown[]>();
  const store = memoryStore();
  let ended = false;
  for (let kills = 0; !ended; kills++)
    ended = await runUntilKilled(
      graph,
      streams,
      random,
      { afterItems: kills < 6 ? random.integer(1, 30) : Infinity, store, everyItems },
      outputs,
    );
  // What was yielded again after a kill has to be the same as before, at the same place.
  const got = [...outputs].map(([index, values]) => [index, [...new Set(values)]]);
  const [wanted, found] = [
    JSON.stringify([...undisturbed]),
    JSON.stringify(got.toSorted(([a], [b]) => Number(a) - Number(b))),
  ];
  return wanted === found ? undefined : `seed ${seed}: expected ${wanted}, got ${found}`;
}

describe("a checkpointed run", () => {
  it(
    "that is killed and restarted between any two items gives what an undisturbed run gives",
    async () => {
      const differences: string[] = [];
      for (let seed = firstSeed; seed < firstSeed + count; seed++) {
        const found = await resumedDifference(seed).catch((error: unknown) => `seed ${seed}: ${String(error)}`);
        if (found !== undefined) differences.push(found);
      }
      console.log(`${count} resumed pipelines from seed ${firstSeed}`);
      expect(differences.slice(0, 3)).toEqual([]);
    },
    60_000 + count * 50,
  );
});
