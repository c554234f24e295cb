import type { AnyModality } from "../contract/modality.ts";
import type { RunContext } from "../contract/run-context.ts";
import type { AnyTransform } from "../contract/transform.ts";
import { isPort } from "../define/define-transform.ts";
import type { CompiledBody, CompiledGraph, CompiledStep } from "../graph/compiled-graph.ts";
import { evaluateCondition } from "../graph/evaluate-condition.ts";
import type { Wire } from "../graph/graph.ts";
import { naiveJoin, naiveWindows } from "./naive-event-time.ts";

/** What a wire carries: a value, all items of a stream, or nothing, because something failed softly. */
type Carried =
  | { readonly value: unknown; readonly modality: AnyModality }
  | { readonly items: readonly unknown[] }
  | { readonly absent: unknown };

type Env = ReadonlyMap<Wire, Carried>;

/** State by step path and key. */
type States = Map<string, Map<string, unknown>>;

export interface NaiveResult {
  /** Value of the output, or the array of its items. */
  readonly output: unknown;
  /** What each map kept, of what it was given, in the measure of its items, by path; only maps that run once. */
  readonly maps: ReadonlyMap<string, { readonly kept: number; readonly given: number }>;
}

/**
 * What a graph means, written as plainly as possible: arrays instead of streams, one thing after another, no limits.
 * The runner is compared with it. Throws what the failing step threw.
 */
export async function interpretNaively(
  graph: CompiledGraph,
  inputs: Readonly<Record<string, unknown>>,
): Promise<NaiveResult> {
  const interpreter = new NaiveInterpreter();
  const env = [...graph.inputs].map(([name, port]): [Wire, Carried] => [
    name,
    port.many ? { items: inputs[name] as readonly unknown[] } : { value: inputs[name], modality: port.modality },
  ]);
  const carried = await interpreter.body(graph, new Map(env), false);
  if ("absent" in carried) throw carried.absent;
  return { output: "items" in carried ? carried.items : carried.value, maps: interpreter.maps };
}

class NaiveInterpreter {
  readonly maps = new Map<string, { readonly kept: number; readonly given: number }>();
  #states: States = new Map();

  /** `repeated`: the body runs several times, so a stream in it is a new one each time. */
  async body(body: CompiledBody, inputs: Env, repeated: boolean): Promise<Carried> {
    const env = new Map(inputs);
    for (const step of body.steps) env.set(step.spec.id, await this.#step(step, env, repeated));
    return wire(env, body.output);
  }

  async #step(step: CompiledStep, env: Env, repeated: boolean): Promise<Carried> {
    const before = copyStates(this.#states);
    try {
      return await this.#strictStep(step, env, repeated);
    } catch (error) {
      if (step.spec.soft !== true || step.kind === "map") throw error;
      if (repeated) this.#states = before;
      return step.output.many ? { items: [] } : { absent: error };
    }
  }

  async #strictStep(step: CompiledStep, env: Env, repeated: boolean): Promise<Carried> {
    switch (step.kind) {
      case "transform":
        return this.#transform(step, env);
      case "map":
        return this.#map(step, env, repeated);
      case "switch": {
        const on = wire(env, step.spec.on);
        if (!("value" in on)) return on;
        const subject = { value: on.value, descriptor: on.modality.describe(on.value) };
        const taken = step.spec.cases.findIndex(({ when }) => evaluateCondition(when, subject));
        return this.body(step.cases[taken] ?? step.otherwise, feeds(env, step.spec.from), repeated);
      }
      case "loop":
        return this.#loop(step, env);
      case "window": {
        const over = wire(env, step.spec.over);
        return "items" in over ? { items: naiveWindows(step, over.items) } : over;
      }
      case "join": {
        const [left, right] = [wire(env, step.spec.left), wire(env, step.spec.right)];
        if (!("items" in left)) return left;
        return "items" in right ? { items: naiveJoin(step, left.items, right.items) } : right;
      }
      case "pipeline":
        return this.body(step.body, feeds(env, step.spec.from), repeated);
    }
  }

  async #transform(step: Extract<CompiledStep, { readonly kind: "transform" }>, env: Env): Promise<Carried> {
    const { transform, path, spec } = step;
    const { soft = false, orElse } = spec;
    const inputs = [...step.feeds].map(([port, from]) => [port, wire(env, from)] as const);
    const absent = inputs.map(([, input]) => input).find((input) => "absent" in input);
    if (absent !== undefined)
      return soft && orElse !== undefined ? { value: orElse, modality: step.output.modality } : absent;
    const values = inputs.map(
      ([port, input]) =>
        [port, "items" in input ? iterate(input.items) : "value" in input ? input.value : undefined] as const,
    );
    const input: unknown = isPort(transform.from) ? values[0]?.[1] : Object.fromEntries(values);
    const state = new Map(this.#states.get(path));
    const items: unknown[] = [];
    try {
      const returned: unknown = await transform.run(input as never, context(transform, step.options, state)); // the graph is compiled: the input fits
      if (step.output.many) for await (const item of returned as AsyncIterable<unknown>) items.push(item);
      this.#states.set(path, state);
      return step.output.many ? { items } : { value: returned, modality: step.output.modality };
    } catch (error) {
      if (!soft) throw error;
      if (step.output.many) return { items };
      return orElse === undefined ? { absent: error } : { value: orElse, modality: step.output.modality };
    }
  }

  async #map(step: Extract<CompiledStep, { readonly kind: "map" }>, env: Env, repeated: boolean): Promise<Carried> {
    const over = wire(env, step.spec.over);
    const extras = feeds(env, step.spec.from ?? {});
    const absent = [over, ...extras.values()].find((carried) => "absent" in carried);
    if (absent !== undefined || !("items" in over)) return absent ?? over;
    if (repeated)
      for (const path of this.#states.keys()) if (path.startsWith(`${step.path}/`)) this.#states.delete(path);
    const [first] = step.body.inputs;
    if (first === undefined) return over;
    const [item, { modality }] = first;
    const kept: unknown[] = [];
    const keptItems: unknown[] = [];
    for (const value of over.items) {
      const before = copyStates(this.#states);
      const result = await this.#item(step, new Map<Wire, Carried>([[item, { value, modality }], ...extras]));
      if ("value" in result) {
        kept.push(result.value);
        keptItems.push(value);
      } else this.#states = before;
    }
    if (!repeated)
      this.maps.set(step.path, { kept: measured(modality, keptItems), given: measured(modality, over.items) });
    return { items: kept };
  }

  async #item(step: Extract<CompiledStep, { readonly kind: "map" }>, inputs: Env): Promise<Carried> {
    try {
      return await this.body(step.body, inputs, true);
    } catch (error) {
      if (step.spec.soft !== true) throw error;
      return { absent: error };
    }
  }

  async #loop(step: Extract<CompiledStep, { readonly kind: "loop" }>, env: Env): Promise<Carried> {
    const [input = ""] = step.body.inputs.keys();
    let carried = wire(env, step.spec.from);
    for (let iteration = 0; iteration < step.spec.maxIterations && "value" in carried; iteration++) {
      carried = await this.body(step.body, new Map([[input, carried]]), true);
      if (!("value" in carried)) break;
      const subject = { value: carried.value, descriptor: carried.modality.describe(carried.value) };
      if (evaluateCondition(step.spec.until, subject)) break;
    }
    return carried;
  }
}

function context(transform: AnyTransform, options: unknown, state: Map<string, unknown>): RunContext {
  const initial = (): unknown => transform.state?.initial();
  const handle = {
    get: (key = "") => (state.has(key) ? state.get(key) : initial()),
    set: (value: unknown, key = "") => void state.set(key, value),
    delete: (key = "") => void state.delete(key),
    keys: () => [...state.keys()],
  };
  const ignore = (): void => {};
  // Only what transforms without hardware, network and clock use.
  return {
    options,
    state: handle,
    signal: new AbortController().signal,
    rung: transform.ladder[0],
    coverage: ignore,
    progress: ignore,
    emit: ignore,
    meter: ignore,
    issue: ignore,
    degrade: ignore,
    disclose: ignore,
  } as unknown as RunContext;
}

function measured(modality: AnyModality, items: readonly unknown[]): number {
  return items.reduce<number>(
    (sum, item) => sum + (modality.measure === "none" ? 1 : (modality.measureOf(item) ?? 1)),
    0,
  );
}

function wire(env: Env, name: Wire): Carried {
  return env.get(name) ?? { absent: `no wire ${name}` };
}

function feeds(env: Env, from: Readonly<Record<string, Wire>>): Env {
  return new Map(Object.entries(from).map(([name, source]) => [name, wire(env, source)]));
}

async function* iterate(items: readonly unknown[]): AsyncGenerator<unknown> {
  yield* items;
}

function copyStates(states: States): States {
  return new Map([...states].map(([path, state]) => [path, new Map(state)]));
}
