import type { AnyModality } from "../contract/modality.ts";
import type { Payload } from "../contract/payload.ts";
import { fail } from "../errors/catalog.ts";
import { portText } from "../graph/port-text.ts";
import type { CompiledGraph } from "../graph/compiled-graph.ts";
import { checkInput } from "./step/check-value.ts";
import type { RunRequest } from "./runner.ts";

export type PreparedInput =
  | { readonly name: string; readonly kind: "value"; readonly payload: Payload }
  | {
      readonly name: string;
      readonly kind: "stream";
      readonly modality: AnyModality;
      readonly items: AsyncIterable<unknown>;
    };

/** Matches what the caller gave with what the graph takes. Throws SG_INPUT_INVALID. */
export function prepareInputs(graph: CompiledGraph, given: RunRequest["inputs"]): readonly PreparedInput[] {
  for (const name of Object.keys(given)) {
    if (!graph.inputs.has(name))
      throw fail(
        "SG_INPUT_INVALID",
        `Pipeline "${graph.graph.name}" has no input "${name}"; it takes ${[...graph.inputs.keys()].map((known) => `"${known}"`).join(", ")}`,
      );
  }
  return [...graph.inputs].map(([name, port]): PreparedInput => {
    const value = given[name];
    if (value === undefined)
      throw fail(
        "SG_INPUT_INVALID",
        `Input "${name}" (${portText(port)}) of pipeline "${graph.graph.name}" is missing`,
      );
    if (!port.many) {
      if (!isPayload(value) || value.modality !== port.modality.id)
        throw fail("SG_INPUT_INVALID", `Input "${name}" takes one ${port.modality.id}, not ${describe(value)}`);
      checkInput(port.modality, value.value, name);
      return { name, kind: "value", payload: value };
    }
    const items = streamOf(value);
    if (items === undefined)
      throw fail("SG_INPUT_INVALID", `Input "${name}" takes a stream of ${port.modality.id}, not ${describe(value)}`, {
        hint: "Pass an async iterable of values.",
      });
    return { name, kind: "stream", modality: port.modality, items };
  });
}

function isPayload(value: Payload | AsyncIterable<unknown>): value is Payload {
  return "modality" in value && "value" in value;
}

/** Items of a stream: an async iterable, or a payload that holds them as an array. */
function streamOf(value: Payload | AsyncIterable<unknown>): AsyncIterable<unknown> | undefined {
  if (Symbol.asyncIterator in value) return value;
  return Array.isArray(value.value) ? itemsOf(value.value) : undefined;
}

async function* itemsOf(items: readonly unknown[]): AsyncGenerator<unknown> {
  yield* items;
}

function describe(value: Payload | AsyncIterable<unknown>): string {
  return isPayload(value) ? `one ${value.modality}` : "a stream";
}
