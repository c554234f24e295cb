import type { GraphStep, Wire } from "../graph.ts";

/** Wires a step reads, in a fixed order; a wire may occur twice. */
export function wiresOf(step: GraphStep): readonly Wire[] {
  switch (step.kind) {
    case "transform":
      return typeof step.from === "string" ? [step.from] : Object.values(step.from);
    case "map":
      return [step.over, ...Object.values(step.from ?? {})];
    case "switch":
      return [step.on, ...Object.values(step.from)];
    case "loop":
      return [step.from];
    case "window":
      return [step.over];
    case "join":
      return [step.left, step.right];
    case "pipeline":
      return Object.values(step.from);
  }
}
