import type { Graph, PortText } from "../graph/graph.ts";
import type { Json } from "../util/json.ts";
import type { Maker } from "./random-graph/draft.ts";
import { makeBody } from "./random-graph/make-body.ts";
import { seededRandom, type SeededRandom } from "./seeded-random.ts";

export interface RandomGraphOptions {
  /** Steps drawn for the outermost body; those that tie loose ends come on top. Default 6. */
  readonly size?: number | undefined;
  /** Bodies inside one another. Default 2. */
  readonly depth?: number | undefined;
  /** Maps that yield items as they finish: the result is then not repeatable. Default false. */
  readonly completionOrder?: boolean | undefined;
  /** Streams read by several steps. Default true. */
  readonly streamFanOut?: boolean | undefined;
}

export interface RandomGraph {
  readonly graph: Graph;
  /** One value per input; a list of items where the input is a stream. */
  readonly inputs: Readonly<Record<string, Json>>;
}

/**
 * A valid graph over the transforms of `numbersAdapter`, with inputs to run it on; the same for the same seed.
 * All kinds of steps occur: named fan-in, fan-out, nested maps, switch, loop, windows, joins, sub-pipelines, soft
 * and stateful steps. Everything made is read by something, and the output is one number. A step fails only where
 * it is soft or an item of a soft map can be left out.
 */
export function randomGraph(seed: number, options: RandomGraphOptions = {}): RandomGraph {
  const { size = 6, depth = 2, completionOrder = false, streamFanOut = true } = options;
  const random = seededRandom(seed);
  let lastId = 0;
  const maker: Maker = {
    random,
    completionOrder,
    streamFanOut,
    newId: () => `s${++lastId}`,
    makeBody: (inputs, settings) => makeBody(maker, inputs, settings),
  };
  const names = ["first", "second", "third"].slice(0, random.integer(1, 3));
  const ports = Object.fromEntries(
    names.map((name) => [name, random.pick<PortText>(["number", "number", "many(number)", "many(reading)"])]),
  );
  const body = makeBody(maker, ports, { depth, size, insideMap: false });
  return {
    graph: { stargate: 1, name: `random-${seed >>> 0}`, ...body },
    inputs: Object.fromEntries(names.map((name) => [name, randomInput(random, ports[name] ?? "")])),
  };
}

function randomInput(random: SeededRandom, port: PortText): Json {
  if (port === "number") return random.integer(0, 999);
  const length = random.integer(0, 12);
  if (port === "many(number)") return Array.from({ length }, () => random.integer(0, 999));
  return Array.from({ length }, (_, index) => ({
    timeSeconds: index + random.integer(-4, 2) / 2,
    source: random.pick(["a", "b"]),
    value: random.integer(0, 999),
  }));
}
