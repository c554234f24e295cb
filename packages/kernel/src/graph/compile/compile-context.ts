import { fail } from "../../errors/catalog.ts";
import type { StargateError } from "../../errors/stargate-error.ts";
import type { Registry } from "../../registry/registry.ts";
import type { CompiledBody, ResolvedPort } from "../compiled-graph.ts";
import type { GraphBody, Wire } from "../graph.ts";

/** Where in the graph the compiler is. */
export interface CompileContext {
  readonly registry: Registry;
  /** Path of the step whose body this is, with a slash behind it; "" in the outermost graph. */
  readonly prefix: string;
  /** A failing item can be left out, because a map is around it. */
  readonly insideMap: boolean;
  /** Compiles the body of a step. A member, because steps hold bodies and bodies hold steps. */
  compileBody(body: GraphBody, context: CompileContext, rules: BodyRules): CompiledBody;
}

export interface BodyRules {
  /** Branches of a switch may leave inputs unread, as long as another branch reads them. */
  readonly unreadInputs: "refuse" | "allow";
}

/** What the wires of a body carry, inputs first. */
export type WireTable = ReadonlyMap<Wire, ResolvedPort>;

/** The error for a graph that is not well formed; `path` is that of the step at fault ("" for the graph itself). */
export function invalid(path: string, message: string, hint?: string): StargateError {
  return fail("SG_GRAPH_INVALID", message, { hint, details: { step: path } });
}

/** Path of the step whose body this is; "" for the outermost graph. */
export function pathOf({ prefix }: CompileContext): string {
  return prefix.slice(0, -1);
}

/** Names the body in messages. */
export function ownerOf(context: CompileContext): string {
  return context.prefix === "" ? "the pipeline" : `step '${pathOf(context)}'`;
}
