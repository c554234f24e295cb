import { type ModelSignature, type Tensor, type TensorMap, tensorLength } from "@stargate/kernel";
import { fail } from "../open-inference-errors.ts";

type Numbers = Exclude<Tensor["data"], readonly string[]>;

/**
 * Runs a batch that is larger than the server takes in parts, and puts their outputs together. Only for models whose
 * items along the first axis are independent, which Triton's `max_batch_size` says. Throws SG_COMPUTE_INPUT for inputs of
 * different batch sizes, and what `run` throws.
 */
export async function runInParts(
  inputs: TensorMap,
  maxItems: number,
  run: (inputs: TensorMap) => Promise<TensorMap>,
): Promise<TensorMap> {
  const sizes = Object.values(inputs).map(({ shape }) => shape[0] ?? 0);
  const items = Math.max(...sizes);
  if (items <= maxItems) return run(inputs);
  if (sizes.some((size) => size !== items))
    throw fail("SG_COMPUTE_INPUT", `Inputs have different batch sizes: ${sizes.join(", ")}`);
  const starts = Array.from({ length: Math.ceil(items / maxItems) }, (_, part) => part * maxItems);
  const parts = await Promise.all(
    starts.map((start) =>
      run(mapTensors(inputs, (tensor) => sliceItems(tensor, start, Math.min(start + maxItems, items)))),
    ),
  );
  const [first = {}] = parts;
  return mapTensors(first, (_, name) =>
    joinItems(parts.map((outputs) => outputs[name]).filter((part) => part !== undefined)),
  );
}

/** Whether the first axis of every input and output is the batch. */
export function isBatched({ inputs, outputs }: ModelSignature): boolean {
  return [...inputs, ...outputs].every(({ shape }) => shape[0] === "batch");
}

function mapTensors(tensors: TensorMap, change: (tensor: Tensor, name: string) => Tensor): TensorMap {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor, name)]));
}

function sliceItems({ dtype, shape, data }: Tensor, start: number, end: number): Tensor {
  const itemLength = tensorLength(shape.slice(1));
  const part = isStrings(data)
    ? data.slice(start * itemLength, end * itemLength)
    : data.subarray(start * itemLength, end * itemLength);
  return { dtype, shape: [end - start, ...shape.slice(1)], data: part };
}

/** Joins outputs that agree in everything but the number of items; their number has been checked against the inputs'. */
function joinItems(parts: readonly Tensor[]): Tensor {
  const [first] = parts;
  const others = parts.some(({ shape }) => shape.slice(1).join() !== first?.shape.slice(1).join());
  if (first === undefined || others)
    throw fail("SG_OPEN_INFERENCE_ANSWER", "The server's outputs differ in shape from one part of a batch to the next");
  const shape = [parts.reduce((total, part) => total + (part.shape[0] ?? 0), 0), ...first.shape.slice(1)];
  if (isStrings(first.data))
    return { dtype: first.dtype, shape, data: parts.flatMap(({ data }) => data as readonly string[]) };
  const joined = new (first.data.constructor as new (length: number) => Numbers)(tensorLength(shape)); // a typed array's own constructor
  let offset = 0;
  for (const { data } of parts) {
    joined.set(data as never, offset); // same dtype, by the signature
    offset += data.length;
  }
  return { dtype: first.dtype, shape, data: joined };
}

function isStrings(data: Tensor["data"]): data is readonly string[] {
  return Array.isArray(data);
}
