import type { AnyTransform } from "../../contract/transform.ts";
import type { Graph } from "../graph.ts";

/**
 * A graph with its types: made by `pipeline(...)`, frozen.
 * `Inputs` are port texts by name ({ input: "document" }), `Output` is one ("text", "many(page)").
 */
export interface Pipeline<
  Inputs extends Readonly<Record<string, string>> = Readonly<Record<string, string>>,
  Output extends string = string,
> {
  readonly kind: "pipeline";
  readonly inputs: Inputs;
  readonly output: Output;
  readonly graph: Graph;
  /** Transforms its steps use, each once: what must be open for the pipeline to run. */
  readonly transforms: readonly AnyTransform[];
}
