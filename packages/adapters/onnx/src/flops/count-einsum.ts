import { readFields } from "../model/protobuf.ts";
import type { NodeRun, Shape } from "./read-trace.ts";

/**
 * Operations of an Einsum: every combination of its letters is met once, with a product and a sum for each operand beyond
 * the first, or a sum alone for a single one. An ellipsis stands for the dimensions no letter names.
 */
export function countEinsum({ inputs }: NodeRun, equation: string): number {
  const [left = ""] = equation.replaceAll(/\s/g, "").split("->");
  const sizes = new Map<string, number>();
  for (const [index, term] of left.split(",").entries()) nameSizes(term, inputs[index] ?? [], sizes);
  const combinations = [...sizes.values()].reduce((product, size) => product * size, 1);
  return combinations * Math.max(1, 2 * (inputs.length - 1));
}

function nameSizes(term: string, shape: Shape, sizes: Map<string, number>): void {
  const [before = "", after] = term.split("...");
  const free = shape.length - before.length - (after?.length ?? 0);
  const letters = [
    ...before.split(""),
    // Counted from the end, as they are broadcast.
    ...Array.from({ length: after === undefined ? 0 : Math.max(0, free) }, (_, index) => `...${free - index}`),
    ...(after ?? "").split(""),
  ];
  for (const [index, letter] of letters.entries())
    sizes.set(letter, Math.max(sizes.get(letter) ?? 1, shape[index] ?? 1));
}

/**
 * Equations of the Einsum nodes of a model by the nodes' names, those of loop and branch bodies included.
 * Field numbers: onnx/onnx.proto (ModelProto.graph, GraphProto.node, NodeProto, AttributeProto).
 */
export function readEquations(model: Uint8Array): ReadonlyMap<string, string> {
  const equations = new Map<string, string>();
  const visitGraph = (graph: Uint8Array): void => {
    for (const { id, value } of readFields(graph)) if (id === 1 && typeof value !== "number") visitNode(value);
  };
  const visitNode = (node: Uint8Array): void => {
    let name = "";
    let op = "";
    const attributes: Uint8Array[] = [];
    for (const { id, value } of readFields(node)) {
      if (typeof value === "number") continue;
      if (id === 3) name = textOf(value);
      if (id === 4) op = textOf(value);
      if (id === 5) attributes.push(value);
    }
    for (const attribute of attributes) {
      for (const { id, value } of readFields(attribute)) {
        if (typeof value === "number") continue;
        if (id === 4 && op === "Einsum") equations.set(name, textOf(value));
        if (id === 6) visitGraph(value);
      }
    }
  };
  for (const { id, value } of readFields(model)) if (id === 7 && typeof value !== "number") visitGraph(value);
  return equations;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
