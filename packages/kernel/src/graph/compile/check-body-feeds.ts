import { didYouMean } from "../../util/nearest-name.ts";
import type { CompiledBody } from "../compiled-graph.ts";
import type { Wire } from "../graph.ts";
import { checkFit } from "./check-fit.ts";
import { invalid, type CompileContext, type WireTable } from "./compile-context.ts";

export interface BodyFeeds {
  readonly path: string;
  readonly from: Readonly<Record<string, Wire>>;
  /** Inputs of the body that `from` feeds. */
  readonly names: readonly string[];
  readonly mappable: boolean;
}

/** Checks that `from` feeds exactly the named inputs of a body, each with what it takes. Throws SG_GRAPH_INVALID, SG_GRAPH_MISMATCH. */
export function checkBodyFeeds(
  body: CompiledBody,
  { path, from, names, mappable }: BodyFeeds,
  wires: WireTable,
  context: CompileContext,
): void {
  const unknown = Object.keys(from).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw invalid(
      path,
      `step '${path}' has no input '${unknown}'${didYouMean(unknown, names)}`,
      names.length === 0 ? "Remove it." : `Its inputs are: ${names.join(", ")}.`,
    );
  for (const name of names) {
    const wire = Object.hasOwn(from, name) ? from[name] : undefined;
    const takes = body.inputs.get(name);
    if (wire === undefined || takes === undefined)
      throw invalid(
        path,
        `input '${name}' of step '${path}' is not fed`,
        `Name a wire for it: from: { ${name}: <wire> }.`,
      );
    checkFit(wire, { name: `input '${name}' of step '${path}'`, path, takes, mappable }, wires, context);
  }
}
