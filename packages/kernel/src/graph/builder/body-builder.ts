import type { Policy } from "../../contract/policy.ts";
import type { AnyTransform } from "../../contract/transform.ts";
import { fail } from "../../errors/catalog.ts";
import type { Condition } from "../condition.ts";
import type { GraphBody, GraphStep, PortText, TransformStep, WindowStep } from "../graph.ts";
import { portText, resolvePort } from "../port-text.ts";
import type { GraphBuilder, JoinSettings, LoopSettings, WindowSettings } from "./graph-builder.ts";
import { mergePolicies } from "../merge-policies.ts";
import type { Pipeline } from "./pipeline-type.ts";
import type { WireOf } from "./wire-of.ts";

/** What a whole pipeline collects while its bodies are built. */
export interface Collected {
  readonly transforms: Set<AnyTransform>;
}

export interface BuiltBody {
  readonly body: GraphBody;
  readonly output: PortText;
  /** Policies that sub-pipelines brought along, by step id. */
  readonly policies: Readonly<Record<string, Policy>>;
}

type Wires = Readonly<Record<string, WireOf>>;
type Build = (g: GraphBuilder, wires: Wires) => WireOf;

/** Builds one body. `owner` names it in messages: "pipeline 'desk'", "step 'read'". */
export function buildBody(owner: string, inputs: GraphBody["inputs"], build: Build, collected: Collected): BuiltBody {
  const scope = Symbol(owner);
  const builder = new BodyBuilder(owner, scope, collected);
  const wires = Object.fromEntries(
    Object.entries(inputs).map(([name, carries]) => [name, wireOf(name, carries, scope)]),
  );
  // The interface checks compositions when the user's code is compiled, compileGraph checks them when it runs.
  const result = build(builder as unknown as GraphBuilder, wires);
  const output = builder.use(result);
  return { body: { inputs, steps: builder.steps, output }, output: result.carries, policies: builder.policies };
}

/** The methods of `GraphBuilder` without its types. */
class BodyBuilder {
  readonly steps: GraphStep[] = [];
  readonly policies: Record<string, Policy> = {};
  readonly #owner: string;
  readonly #scope: symbol;
  readonly #collected: Collected;

  constructor(owner: string, scope: symbol, collected: Collected) {
    this.#owner = owner;
    this.#scope = scope;
    this.#collected = collected;
  }

  step(
    id: string,
    transform: AnyTransform,
    from: WireOf | Wires,
    settings: Pick<TransformStep, "soft" | "orElse" | "with"> = {},
  ): WireOf {
    this.#collected.transforms.add(transform);
    const feed = isWire(from) ? this.use(from) : this.useAll(from);
    return this.#add(
      { kind: "transform", id, use: `${transform.id}@${transform.version}`, from: feed, ...settings },
      portText(resolvePort(transform.to)),
    );
  }

  map(
    id: string,
    over: WireOf,
    build: (g: GraphBuilder, item: WireOf, using: Wires) => WireOf,
    settings: { readonly using?: Wires } = {},
  ): WireOf {
    const { using = {}, ...rest } = settings;
    const inputs = { item: over.carries.replace(/^many\((.*)\)$/, "$1"), ...portTexts(using) };
    const inner = this.#body(id, inputs, (g, { item, ...others }) => build(g, item as WireOf, others)); // `inputs` has it
    const from = Object.keys(using).length === 0 ? {} : { from: this.useAll(using) };
    return this.#add(
      { kind: "map", id, over: this.use(over), body: inner.body, ...from, ...rest },
      `many(${inner.output})`,
    );
  }

  switch(
    id: string,
    on: WireOf,
    inputs: Wires,
    settings: {
      readonly cases: readonly (readonly [Condition, Build])[];
      readonly otherwise: Build;
      readonly soft?: boolean;
    },
  ): WireOf {
    const texts = portTexts(inputs);
    const cases = settings.cases.map(([when, build]) => ({ when, body: this.#body(id, texts, build).body }));
    const otherwise = this.#body(id, texts, settings.otherwise);
    const soft = settings.soft === undefined ? {} : { soft: settings.soft };
    return this.#add(
      { kind: "switch", id, on: this.use(on), from: this.useAll(inputs), cases, otherwise: otherwise.body, ...soft },
      otherwise.output,
    );
  }

  loop(id: string, from: WireOf, build: (g: GraphBuilder, value: WireOf) => WireOf, settings: LoopSettings): WireOf {
    const inner = this.#body(id, { value: from.carries }, (g, { value }) => build(g, value as WireOf)); // the one input
    return this.#add({ kind: "loop", id, from: this.use(from), body: inner.body, ...settings }, from.carries);
  }

  window(id: string, over: WireOf, { seconds, everySeconds, items, ...rest }: WindowSettings): WireOf {
    const size: WindowStep["size"] =
      items === undefined ? { seconds: seconds ?? 0, ...(everySeconds !== undefined && { everySeconds }) } : { items };
    return this.#add(
      { kind: "window", id, over: this.use(over), size, ...rest },
      over.carries.replace(/^many\((.*)\)$/, "many(window($1))"),
    );
  }

  join(id: string, left: WireOf, right: WireOf, settings: JoinSettings): WireOf {
    const items = [left, right].map((wire) => wire.carries.replace(/^many\((.*)\)$/, "$1"));
    return this.#add(
      { kind: "join", id, left: this.use(left), right: this.use(right), ...settings },
      `many(joined(${items.join(",")}))`,
    );
  }

  pipeline(id: string, pipeline: Pipeline, from: WireOf | Wires, settings: { readonly soft?: boolean } = {}): WireOf {
    for (const transform of pipeline.transforms) this.#collected.transforms.add(transform);
    const { inputs, steps, output, policy } = pipeline.graph;
    this.#keepPolicy(id, policy ?? {});
    return this.#add(
      {
        kind: "pipeline",
        id,
        from: this.useAll(isWire(from) ? { input: from } : from),
        body: { inputs, steps, output },
        ...settings,
      },
      pipeline.output,
    );
  }

  /** Name of a wire of this body. */
  use(wire: WireOf): string {
    if (wire.scope === this.#scope) return wire.name;
    throw fail(
      "SG_GRAPH_INVALID",
      `wire '${wire.name}' does not belong to the body of ${this.#owner}, where it is read`,
      { hint: "Hand it in: `using` of a map, the inputs of a switch, or an input of the pipeline." },
    );
  }

  useAll(wires: Wires): Record<string, string> {
    return Object.fromEntries(Object.entries(wires).map(([name, wire]) => [name, this.use(wire)]));
  }

  #body(id: string, inputs: GraphBody["inputs"], build: Build): BuiltBody {
    const built = buildBody(`step '${id}'`, inputs, build, this.#collected);
    if (Object.keys(built.policies).length > 0) this.#keepPolicy(id, { steps: built.policies });
    return built;
  }

  #keepPolicy(id: string, policy: Policy): void {
    if (Object.keys(policy).length > 0) this.policies[id] = mergePolicies(this.policies[id], policy);
  }

  #add(step: GraphStep, carries: PortText): WireOf {
    this.steps.push(step);
    return wireOf(step.id, carries, this.#scope);
  }
}

function wireOf(name: string, carries: PortText, scope: symbol): WireOf {
  return Object.freeze({ kind: "wire", name, carries, scope });
}

function isWire(from: WireOf | Wires): from is WireOf {
  return from.kind === "wire";
}

function portTexts(wires: Wires): Record<string, PortText> {
  return Object.fromEntries(Object.entries(wires).map(([name, wire]) => [name, wire.carries]));
}
