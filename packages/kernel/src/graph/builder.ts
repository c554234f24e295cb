import type { Port, Ports } from "../contract/modality.ts";
import type { Policy } from "../contract/policy.ts";
import type { AnyTransform } from "../contract/transform.ts";
import { isPort, portEntries } from "../define/define-transform.ts";
import { deepFreeze } from "../util/deep-freeze.ts";
import { buildBody } from "./builder/body-builder.ts";
import type { GraphBuilder } from "./builder/graph-builder.ts";
import { mergePolicies } from "./merge-policies.ts";
import type { Pipeline } from "./builder/pipeline-type.ts";
import type { FeedOf, PortTextOf, WireOf } from "./builder/wire-of.ts";
import { parseGraph } from "./parse-graph.ts";
import { portText, resolvePort } from "./port-text.ts";

export type { GraphBuilder } from "./builder/graph-builder.ts";
export type { Pipeline } from "./builder/pipeline-type.ts";
export type { PortTextOf, WireOf } from "./builder/wire-of.ts";

/** Port texts of a pipeline's inputs by name; a single input is named "input". */
export type InputTexts<In extends Ports> = In extends Port
  ? { readonly input: PortTextOf<In> }
  : { readonly [Name in keyof In]: PortTextOf<In[Name]> };

export interface PipelineSettings {
  readonly description?: string;
  readonly policy?: Policy;
}

/**
 * Builds a pipeline. Wires are typed by what they carry: a wrong composition does not compile. Throws SG_GRAPH_INVALID
 * for what the compiler cannot see (ids, wires of another body); names and options are checked by `compileGraph`.
 * @example
 * const read = pipeline("read", document, (g, input) => {
 *   const pages = g.step("pages", ocrPages, input, { with: { dpi: 300 } });
 *   const texts = g.map("read", pages, (inner, page) => inner.step("ocr", ocrReadPage, page), { concurrency: 4, soft: true });
 *   return g.step("text", ocrJoin, texts);
 * });
 */
export function pipeline<const In extends Ports, Out extends string>(
  name: string,
  inputs: In,
  build: (g: GraphBuilder, wires: FeedOf<In>) => WireOf<Out>,
  settings: PipelineSettings = {},
): Pipeline<InputTexts<In>, Out> {
  const single = isPort(inputs);
  const texts = Object.fromEntries(
    portEntries(inputs).map(([port, value]) => [single ? "input" : port, portText(resolvePort(value))]),
  );
  const transforms = new Set<AnyTransform>();
  const feed = (wires: Readonly<Record<string, WireOf>>): FeedOf<In> =>
    (single ? wires["input"] : wires) as unknown as FeedOf<In>; // FeedOf says the same in types
  const { body, output, policies } = buildBody(`pipeline '${name}'`, texts, (g, wires) => build(g, feed(wires)), {
    transforms,
  });
  const policy = mergePolicies(Object.keys(policies).length > 0 ? { steps: policies } : {}, settings.policy ?? {});
  const graph = parseGraph({
    stargate: 1,
    name,
    ...body,
    ...(settings.description !== undefined && { description: settings.description }),
    ...(Object.keys(policy).length > 0 && { policy }),
  });
  const made: Pipeline = {
    kind: "pipeline",
    inputs: graph.inputs,
    output,
    graph: deepFreeze(graph),
    transforms: Object.freeze([...transforms]),
  };
  return Object.freeze(made) as Pipeline<InputTexts<In>, Out>; // texts and output are those of the types
}
