import type { CompiledStep } from "../compiled-graph.ts";
import type { GraphStep } from "../graph.ts";
import type { CompileContext, WireTable } from "./compile-context.ts";
import { checkSoft } from "./check-soft.ts";
import { compileLoop } from "./compile-loop.ts";
import { compileMap } from "./compile-map.ts";
import { compilePipeline } from "./compile-pipeline.ts";
import { compileJoin, compileWindow } from "./compile-streams.ts";
import { compileSwitch } from "./compile-switch.ts";
import { compileTransform } from "./compile-transform.ts";

/** Resolves and checks one step against what its wires carry. */
export function compileStep(spec: GraphStep, wires: WireTable, context: CompileContext): CompiledStep {
  const step = compileByKind(spec, wires, context);
  checkSoft(step, context);
  return step;
}

function compileByKind(spec: GraphStep, wires: WireTable, context: CompileContext): CompiledStep {
  switch (spec.kind) {
    case "transform":
      return compileTransform(spec, wires, context);
    case "map":
      return compileMap(spec, wires, context);
    case "switch":
      return compileSwitch(spec, wires, context);
    case "loop":
      return compileLoop(spec, wires, context);
    case "window":
      return compileWindow(spec, wires, context);
    case "join":
      return compileJoin(spec, wires, context);
    case "pipeline":
      return compilePipeline(spec, wires, context);
  }
}
