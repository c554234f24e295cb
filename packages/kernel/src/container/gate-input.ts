import type { CodecContext, Descriptor } from "../contract/modality.ts";
import type { Payload } from "../contract/payload.ts";
import type { Issue } from "../contract/receipt.ts";
import { fail } from "../errors/catalog.ts";
import { isStargateError } from "../errors/stargate-error.ts";
import type { CompiledGraph, ResolvedPort } from "../graph/compiled-graph.ts";
import { ingest } from "../plan/ingest.ts";
import type { Registry } from "../registry/registry.ts";
import { createPayload } from "../run/create-payload.ts";
import type { RunRequest } from "../run/runner.ts";
import { didYouMean } from "../util/nearest-name.ts";
import type { GateInput, InputValue } from "./gate.ts";

/** What reading an input needs from the gate. */
export interface InputReader {
  readonly registry: Registry;
  readonly context: CodecContext;
  readonly digestBlob: ((blob: Blob) => Promise<string>) | undefined;
}

export interface ReadOptions {
  /** Modality id, or media type, the sender says it is. */
  readonly as?: string | undefined;
  /** How far a modality is from the goal; undefined for one that does not lead there. */
  readonly distance?: ((modality: string) => number | undefined) | undefined;
}

export interface ReadInput {
  readonly payload: Payload;
  /** What the sender said wrongly about it. */
  readonly issues: readonly Issue[];
}

/** Recognises, decodes and wraps one value. Throws SG_INPUT_EMPTY, SG_INPUT_UNRECOGNISED and what codecs throw. */
export async function readInput(reader: InputReader, input: InputValue, options: ReadOptions): Promise<ReadInput> {
  if (isPayload(input)) return { payload: input, issues: [] };
  if (isStream(input))
    throw fail("SG_INPUT_INVALID", "A stream was given where one value is wanted", {
      hint: "Run a pipeline whose input is many(...).",
    });
  if (typeof input === "string" && takesText(options)) {
    if (input === "") throw fail("SG_INPUT_EMPTY", "The text has 0 characters");
    return { payload: wrap(reader, "text", input), issues: [] };
  }
  return decodeInput(reader, typeof input === "string" ? new Blob([input]) : input, options);
}

/** Inputs of a pipeline by name; a pipeline with one input takes it bare. */
export async function readInputs(
  reader: InputReader,
  graph: CompiledGraph,
  input: GateInput,
  options: ReadOptions,
): Promise<{ readonly inputs: RunRequest["inputs"]; readonly issues: readonly Issue[] }> {
  const given = namedInputs(graph, input);
  const inputs: Record<string, Payload | AsyncIterable<unknown>> = {};
  const issues: Issue[] = [];
  for (const [name, port] of graph.inputs) {
    const value = given[name];
    if (value === undefined)
      throw fail(
        "SG_INPUT_INVALID",
        `Input "${name}" (${port.modality.id}) of pipeline "${graph.graph.name}" is missing`,
        { hint: `Send ${[...graph.inputs.keys()].join(", ")}.` },
      );
    if (port.many) inputs[name] = streamOf(reader, port, value, options);
    else {
      const read = await readInput(reader, value, portOptions(port, options));
      inputs[name] = read.payload;
      issues.push(...read.issues);
    }
  }
  return { inputs, issues };
}

/** What the planner may know of an input before it plans. */
export async function recognise(
  reader: InputReader,
  input: Blob,
  options: ReadOptions,
): Promise<{ readonly modality: string; readonly descriptor: Descriptor }> {
  const { payload } = await readInput(reader, input, options);
  return { modality: payload.modality, descriptor: payload.descriptor };
}

async function decodeInput(reader: InputReader, blob: Blob, { as, distance }: ReadOptions): Promise<ReadInput> {
  const { registry, context } = reader;
  const mediaType = as?.includes("/") === true ? as : blob.type;
  const shared = { context, distance, declaredType: mediaType === "" ? undefined : mediaType };
  const named = as === undefined || as.includes("/") ? undefined : [registry.modality(as).id];
  const leading = distance && registry.modalities.map(({ id }) => id).filter((id) => distance(id) !== undefined);
  const read = await ingest(registry, blob, { ...shared, as: named ?? leading }).catch((error: unknown) => {
    // Recognised, but as nothing that leads to the goal: the planner says better why there is no way.
    if (
      named === undefined &&
      leading !== undefined &&
      isStargateError(error) &&
      error.code === "SG_INPUT_UNRECOGNISED"
    )
      return ingest(registry, blob, shared);
    throw error;
  });
  const issues =
    read.contradicts === undefined
      ? []
      : [
          {
            step: "input",
            code: "SG_INPUT_CONTRADICTS",
            message: `The input was declared as ${read.contradicts}, but its bytes are ${read.mediaType}; the bytes were believed`,
          },
        ];
  return { payload: wrap(reader, read.modality, read.value, read.mediaType), issues };
}

function wrap({ registry, context, digestBlob }: InputReader, id: string, value: unknown, mediaType?: string): Payload {
  return createPayload(registry.modality(id), value, { mediaType, name: context.name, digestBlob });
}

function portOptions({ modality }: ResolvedPort, options: ReadOptions): ReadOptions {
  return {
    ...options,
    as: options.as?.includes("/") === true ? options.as : modality.id,
    distance: (id) => (id === modality.id ? 0 : undefined),
  };
}

async function* streamOf(
  reader: InputReader,
  port: ResolvedPort,
  value: InputValue,
  options: ReadOptions,
): AsyncIterable<unknown> {
  if (isStream(value)) yield* value;
  else yield (await readInput(reader, value, portOptions(port, options))).payload.value;
}

function namedInputs(graph: CompiledGraph, input: GateInput): Readonly<Record<string, InputValue>> {
  const names = [...graph.inputs.keys()];
  if (isInputValue(input)) {
    const [only] = names;
    if (only === undefined || names.length > 1)
      throw fail(
        "SG_INPUT_INVALID",
        `Pipeline "${graph.graph.name}" takes ${names.length} inputs by name: ${names.join(", ")}`,
        { hint: "Send one part or field per input." },
      );
    return { [only]: input };
  }
  for (const name of Object.keys(input)) {
    if (!graph.inputs.has(name))
      throw fail(
        "SG_INPUT_INVALID",
        `Pipeline "${graph.graph.name}" has no input "${name}"${didYouMean(name, names)}`,
        { hint: `Send ${names.join(", ")}.` },
      );
  }
  return input;
}

function takesText({ as, distance }: ReadOptions): boolean {
  return as === undefined
    ? distance === undefined || distance("text") !== undefined
    : as === "text" || as.startsWith("text/plain");
}

function isInputValue(input: GateInput): input is InputValue {
  return typeof input === "string" || input instanceof Blob || isPayload(input) || isStream(input);
}

function isPayload(input: object | string): input is Payload {
  return typeof input === "object" && "modality" in input && "digest" in input && typeof input.digest === "function";
}

function isStream(input: object | string): input is AsyncIterable<unknown> {
  return typeof input === "object" && Symbol.asyncIterator in input;
}
