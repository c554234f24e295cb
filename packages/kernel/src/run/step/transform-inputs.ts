import type { AnyModality, Descriptor } from "../../contract/modality.ts";
import type { Payload, Timeline } from "../../contract/payload.ts";
import { isPort } from "../../define/define-transform.ts";
import type { CompiledTransformStep } from "../../graph/compiled-graph.ts";
import type { Absence } from "../edge/absence.ts";
import { StreamReader } from "../edge/stream-reader.ts";

/** One input of an invocation: a value that is there, or a stream to read. */
export type TransformInput = {
  readonly port: string;
  readonly modality: AnyModality;
  readonly from: Payload | StreamReader;
};

/** The `input` argument of the transform. */
export function inputArgument(step: CompiledTransformStep, inputs: readonly TransformInput[]): unknown {
  const [only] = inputs;
  if (only !== undefined && isPort(step.transform.from)) return argumentOf(only);
  return Object.fromEntries(inputs.map((input) => [input.port, argumentOf(input)]));
}

function argumentOf({ from }: TransformInput): unknown {
  return from instanceof StreamReader ? from : from.value;
}

/**
 * What restrictions look at: the descriptor of the only input; with several, all of them side by side
 * ("image.width") with the plain names of the first.
 */
export function inputDescriptor(inputs: readonly TransformInput[]): Descriptor {
  const described = inputs.filter(
    (input): input is TransformInput & { readonly from: Payload } => !(input.from instanceof StreamReader),
  );
  const [first, ...others] = described;
  if (first === undefined) return {};
  if (others.length === 0) return first.from.descriptor;
  const prefixed = described.flatMap(({ port, from }) =>
    Object.entries(from.descriptor).map(([field, value]) => [`${port}.${field}`, value] as const),
  );
  return { ...first.from.descriptor, ...Object.fromEntries(prefixed) };
}

/** Facts that pass from the inputs to what is made of them. */
export function inheritedFacts(inputs: readonly TransformInput[]): {
  readonly lineage: readonly string[];
  readonly name: string | undefined;
  readonly timeline: Timeline | undefined;
} {
  const [first, ...others] = inputs;
  if (first === undefined) return { lineage: [], name: undefined, timeline: undefined };
  const values = inputs.flatMap(({ from }) => (from instanceof StreamReader ? [] : [from]));
  return {
    lineage: others.length === 0 ? first.from.lineage : [...new Set(inputs.flatMap(({ from }) => from.lineage))],
    name: values.find((value) => value.name !== undefined)?.name,
    timeline: others.length === 0 ? values[0]?.timeline : undefined,
  };
}

/** Whether one of the streams will never come. */
export function absenceAmong(inputs: readonly TransformInput[]): Absence | undefined {
  for (const { from } of inputs) if (from instanceof StreamReader && from.absence !== undefined) return from.absence;
  return undefined;
}

/** Nothing more is read from the streams. */
export function closeReaders(inputs: readonly TransformInput[]): void {
  for (const { from } of inputs) if (from instanceof StreamReader) from.close();
}
