import { afterAll, describe, expect, it } from "vitest";
import type { AnyTransform } from "../contract/transform.ts";
import { defineAdapter } from "../define/define-adapter.ts";
import { isStargateError } from "../errors/stargate-error.ts";
import { compileGraph } from "../graph/compile.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { interpretNaively } from "../testing/naive-interpreter.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { numbersAdapter } from "../testing/numbers-adapter.ts";
import { randomGraph } from "../testing/random-graph.ts";
import { payloadsOf } from "../testing/run-kit.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { collect } from "./collect.ts";
import { Execution } from "./execution.ts";
import { createPortableHost } from "./host/portable-host.ts";

/** Longer soaks: STARGATE_GRAPHS=1000000; another part of the space: STARGATE_SEED=7. */
const count = Number(process.env["STARGATE_GRAPHS"] ?? 10_000);
const firstSeed = Number(process.env["STARGATE_SEED"] ?? 1);

/** Counts the iterators that are open: those of the caller's streams and of the transforms' outputs. */
let open = 0;

async function* counted(items: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  open += 1;
  try {
    yield* items;
  } finally {
    open -= 1;
  }
}

function withCountedOutput(transform: AnyTransform): AnyTransform {
  if (transform.to.kind !== "many") return transform;
  return { ...transform, run: (input, context) => counted(transform.run(input, context) as AsyncIterable<unknown>) };
}

const adapter = defineAdapter({ ...numbersAdapter, transforms: numbersAdapter.transforms.map(withCountedOutput) });
const registry = createRegistry([adapter]);
const host = createPortableHost();

/** Prepares a run of one random graph on edges so small that writers wait all the time. */
function prepare(seed: number) {
  const { graph, inputs } = randomGraph(seed);
  const compiled = compileGraph(graph, registry);
  const given = payloadsOf(compiled, inputs);
  const streams = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, Symbol.asyncIterator in value ? counted(value) : value]),
  );
  // Without growing edges, branches that meet again would stop.
  const edgeLimits = { maxItems: 1 + (seed % 3), maxBytes: seed % 5 === 0 ? 1500 : 1 << 20 };
  const begin = (signal?: AbortSignal) =>
    new Execution(host, { graph: compiled, inputs: streams, signal }, { edgeLimits });
  return { compiled, inputs, begin };
}

/** What a run has left open. */
function leftovers({ run: { scope } }: Execution) {
  return { open, live: scope.quiescence.live, queued: scope.quiescence.queuedItems };
}

/** Runs one random graph both ways and says how they differ, if they do. */
async function difference(seed: number): Promise<string | undefined> {
  const { compiled, inputs, begin } = prepare(seed);
  const expected = await interpretNaively(compiled, inputs);
  open = 0;
  const execution = begin();
  const { payload, receipt } = await collect(execution);
  const maps = receipt.steps.flatMap(({ id, coverage: [entry] }) =>
    expected.maps.has(id) && entry !== undefined ? [[id, entry.done, entry.of]] : [],
  );
  const expectedMaps = [...expected.maps]
    .filter(([, { given: items }]) => items > 0)
    .map(([id, { kept, given: items }]) => [id, kept, items]);
  const [wanted, got] = [
    JSON.stringify({
      output: expected.output,
      maps: expectedMaps.toSorted(byName),
      left: { open: 0, live: 0, queued: 0 },
    }),
    JSON.stringify({ output: payload.value, maps: maps.toSorted(byName), left: leftovers(execution) }),
  ];
  return wanted === got ? undefined : `seed ${seed}: expected ${wanted}, got ${got}`;
}

/** Cancels a random graph at some moment and says what it leaves behind, if anything. */
async function leftByCancelling(seed: number): Promise<string | undefined> {
  const random = seededRandom(seed);
  const controller = new AbortController();
  open = 0;
  const execution = prepare(seed).begin(controller.signal);
  const outcome = collect(execution).then(
    () => "ended",
    (error: unknown) => (isStargateError(error) ? error.code : String(error)),
  );
  for (let turns = random.integer(0, 200); turns > 0; turns--) await Promise.resolve();
  controller.abort();
  const code = await outcome;
  await createFakeClock().advance(0); // lets generators that were told to return do so
  const [wanted, got] = [JSON.stringify({ open: 0, live: 0, queued: 0 }), JSON.stringify(leftovers(execution))];
  if (code === "SG_RUN_CANCELLED") cancelled += 1;
  return (code === "ended" || code === "SG_RUN_CANCELLED") && wanted === got
    ? undefined
    : `seed ${seed}: ${code}, ${got}`;
}

let cancelled = 0;

function byName([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}

describe("random graphs", () => {
  afterAll(() => console.log(`${count} random graphs from seed ${firstSeed}`));

  it(
    "give what a naive interpreter gives, without deadlock, and leave nothing behind",
    async () => {
      const differences: string[] = [];
      for (let seed = firstSeed; seed < firstSeed + count; seed++) {
        // A deadlock is an error of the run (SG_RUN_STALLED), found when every process waits, not by a clock.
        const found = await difference(seed).catch((error: unknown) => `seed ${seed}: ${String(error)}`);
        if (found !== undefined) differences.push(found);
      }
      expect(differences.slice(0, 5)).toEqual([]);
    },
    Math.max(60_000, count * 20),
  );

  it(
    "leave nothing behind when they are cancelled at any moment",
    async () => {
      const found: string[] = [];
      for (let seed = firstSeed; seed < firstSeed + count / 5; seed++) {
        const left = await leftByCancelling(seed);
        if (left !== undefined) found.push(left);
      }
      expect(found.slice(0, 5)).toEqual([]);
      expect(cancelled).toBeGreaterThan(count / 20);
    },
    Math.max(60_000, count * 20),
  );
});
