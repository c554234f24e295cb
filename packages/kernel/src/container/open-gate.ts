import type { Adapter } from "../contract/adapter.ts";
import type { Host } from "../contract/host.ts";
import type { Policy } from "../contract/policy.ts";
import { compileGraph } from "../graph/compile.ts";
import type { CompiledGraph } from "../graph/compiled-graph.ts";
import type { Graph } from "../graph/graph.ts";
import { encodePayload, negotiateEncoding } from "../plan/negotiate.ts";
import { createPlanner } from "../plan/planner.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { createRunner } from "../run/create-runner.ts";
import { createLifecycle } from "../run/lifecycle.ts";
import { createPortableHost } from "../run/host/portable-host.ts";
import { mergePolicies } from "../graph/merge-policies.ts";
import type { RunRequest } from "../run/runner.ts";
import type { Explanation } from "../plan/explanation.ts";
import type { CodecContext } from "../contract/modality.ts";
import { Container } from "./container.ts";
import { readInput, readInputs, recognise, type InputReader } from "./gate-input.ts";
import type { AnyPipeline, ExplainRequest, Gate, GateInput, Goal, InputValue, RunOptions } from "./gate.ts";
import { tokens } from "./tokens.ts";

export interface OpenGateOptions {
  readonly adapters?: readonly Adapter[] | undefined;
  /** What the platform lends. Default: the portable host (tasks inline, no network). */
  readonly host?: Host | undefined;
  /** Under the policies of pipelines and runs. */
  readonly policy?: Policy | undefined;
}

/**
 * Opens a gate: the composition root of the kernel.
 * Throws SG_ADAPTER_SPEC, SG_ADAPTER_CONFLICT and SG_DEFINE_INVALID for adapters that cannot be opened.
 * @example
 * const gate = await openGate({ adapters: [ocr()] });
 * const { value, receipt } = await gate.run(file, { to: "text" });
 */
export async function openGate(options: OpenGateOptions = {}): Promise<Gate> {
  const adapters = options.adapters ?? [];
  const services = new Container()
    .provide(tokens.host, () => options.host ?? createPortableHost())
    .provide(tokens.policy, () => options.policy ?? {})
    .provide(tokens.registry, () => createRegistry(adapters))
    .provide(tokens.planner, (container) => createPlanner(container.get(tokens.registry)))
    .provide(tokens.runner, (container) =>
      createRunner({ host: container.get(tokens.host), registry: container.get(tokens.registry) }),
    );
  const registry = services.get(tokens.registry);
  services.get(tokens.host).compute.attach?.(registry);
  const lifecycle = createLifecycle();
  for (const adapter of adapters) {
    for (const backend of adapter.backends) lifecycle.defer(async () => backend.close?.());
    lifecycle.defer(async () => adapter.close?.());
  }
  return new OpenGate(services, registry, () => lifecycle.close());
}

class OpenGate implements Gate {
  readonly registry: Gate["registry"];
  readonly #services: Container;
  readonly #close: () => Promise<void>;
  /** Compiled pipelines by identity: compiling is not free, and a server runs the same few for ever. */
  readonly #compiled = new WeakMap<object, CompiledGraph>();
  /** Compiled plans by their graph as text, oldest first. */
  readonly #plans = new Map<string, CompiledGraph>();

  constructor(services: Container, registry: Gate["registry"], close: () => Promise<void>) {
    this.#services = services;
    this.registry = registry;
    this.#close = close;
  }

  async run(input: GateInput, goal: Goal, options: RunOptions = {}): ReturnType<Gate["run"]> {
    const { payload, receipt } = await this.#services.get(tokens.runner).run(await this.#request(input, goal, options));
    return { value: payload.value, payload, receipt };
  }

  async stream(input: GateInput, goal: Goal, options: RunOptions = {}): ReturnType<Gate["stream"]> {
    return this.#services.get(tokens.runner).stream(await this.#request(input, goal, options));
  }

  compile(pipeline: AnyPipeline): CompiledGraph {
    if ("planHash" in pipeline) return pipeline;
    const graph: Graph = "graph" in pipeline ? pipeline.graph : pipeline;
    let compiled = this.#compiled.get(graph);
    if (compiled === undefined) this.#compiled.set(graph, (compiled = compileGraph(graph, this.registry)));
    return compiled;
  }

  async explain(request: ExplainRequest): Promise<Explanation> {
    const distance = (modality: string) => this.#services.get(tokens.planner).distance(modality, request.to);
    const from =
      typeof request.from === "string"
        ? { modality: request.from }
        : await recognise(this.#reader({}), request.from, { distance });
    const { explain } = await import("../plan/explain.ts"); // most programs never ask
    return explain(this.registry, {
      from,
      to: request.to,
      policy: mergePolicies(this.#services.get(tokens.policy), request.policy),
    });
  }

  async encode(
    payload: Parameters<Gate["encode"]>[0],
    accept?: string,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): ReturnType<Gate["encode"]> {
    const mediaType = negotiateEncoding(this.registry, payload.modality, accept, payload.value);
    return {
      body: await encodePayload(this.registry, payload, mediaType, this.#codecContext(options.signal)),
      mediaType,
    };
  }

  close(): Promise<void> {
    return this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #request(input: GateInput, goal: Goal, options: RunOptions): Promise<RunRequest> {
    const gatePolicy = this.#services.get(tokens.policy);
    const { tenant, signal, onEvent, checkpoints, scratch } = options;
    const shared = { tenant, signal, onEvent, checkpoints, scratch };
    const reader = this.#reader(options);
    if ("pipeline" in goal) {
      const graph = this.compile(goal.pipeline);
      const layered = mergePolicies(mergePolicies(gatePolicy, graph.policy), options.policy);
      return { ...shared, policy: layered, graph, ...(await readInputs(reader, graph, input, options)) };
    }
    const planner = this.#services.get(tokens.planner);
    const distance = (modality: string) => planner.distance(modality, goal.to);
    const { payload, issues } = await readInput(reader, input as InputValue, {
      as: options.as,
      distance,
    });
    const policy = mergePolicies(gatePolicy, options.policy);
    const { graph } = planner.plan({ from: payload, to: goal.to, policy, options: goal.with });
    return { ...shared, policy, graph: this.#compilePlan(graph), inputs: { input: payload }, issues, planned: true };
  }

  #compilePlan(graph: Graph): CompiledGraph {
    const key = JSON.stringify(graph);
    let compiled = this.#plans.get(key);
    if (compiled === undefined) {
      compiled = compileGraph(graph, this.registry);
      this.#plans.set(key, compiled);
      if (this.#plans.size > maxCachedPlans) this.#plans.delete(this.#plans.keys().next().value as string);
    }
    return compiled;
  }

  #codecContext(signal: AbortSignal | undefined, name?: string): CodecContext {
    return { signal: signal ?? never, offload: this.#services.get(tokens.host).offload, name };
  }

  #reader({ signal, name }: Pick<RunOptions, "signal" | "name">): InputReader {
    return {
      registry: this.registry,
      context: this.#codecContext(signal, name),
      digestBlob: this.#services.get(tokens.host).digestBlob,
    };
  }
}

/** Plans differ by path and options only, so a few hundred are plenty. */
const maxCachedPlans = 256;

/** The signal of a call nobody can cancel. */
const never = new AbortController().signal;
