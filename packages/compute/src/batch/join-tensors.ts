import type { Tensor, TensorData, TensorMap } from "@stargate/kernel";

type NumericData = Exclude<TensorData, readonly string[]>;

/**
 * Joins the inputs of several calls along the first axis, with one copy of the data. All must have the same key
 * (`shapeOf`). The result shares no memory with the inputs.
 */
export function joinTensors(calls: readonly TensorMap[]): TensorMap {
  const joined: Record<string, Tensor> = {};
  for (const name of Object.keys(calls[0] ?? {})) {
    const parts = calls.flatMap((call) => call[name] ?? []);
    joined[name] = joinParts(parts);
  }
  return joined;
}

function joinParts(parts: readonly Tensor[]): Tensor {
  const [first] = parts;
  const items = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  const shape = [items, ...(first?.shape.slice(1) ?? [])];
  const dtype = first?.dtype ?? "float32";
  if (first === undefined || !ArrayBuffer.isView(first.data))
    return { dtype, shape, data: parts.flatMap(({ data }) => data as readonly string[]) }; // one dtype: all are strings
  const length = parts.reduce((sum, { data }) => sum + data.length, 0);
  const data = new (first.data.constructor as new (length: number) => NumericData)(length); // a typed array's own class
  let offset = 0;
  for (const part of parts) {
    (data as Uint8Array).set(part.data as Uint8Array, offset); // one dtype: both are the same class
    offset += part.data.length;
  }
  return { dtype, shape, data };
}

/** The same values in memory of their own. */
export function copyTensors(inputs: TensorMap): TensorMap {
  const copies = Object.entries(inputs).map(
    ([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }] as const,
  );
  return Object.fromEntries(copies);
}

/**
 * Divides the outputs of a joined run among the calls, with one copy of the data: nobody holds memory that another
 * caller may change or hand away. undefined: the first axis of some output is not the number of items, so that the
 * outputs cannot be told apart.
 * @param items of each call, in the order in which they were joined.
 */
export function splitTensors(outputs: TensorMap, items: readonly number[]): readonly TensorMap[] | undefined {
  const total = items.reduce((sum, count) => sum + count, 0);
  const calls: Record<string, Tensor>[] = items.map(() => ({}));
  for (const [name, { dtype, shape, data }] of Object.entries(outputs)) {
    if (shape[0] !== total) return undefined;
    const perItem = data.length / total;
    let offset = 0;
    for (const [index, count] of items.entries()) {
      const part = data.slice(offset, offset + count * perItem);
      offset += count * perItem;
      Object.assign(calls[index] ?? {}, { [name]: { dtype, shape: [count, ...shape.slice(1)], data: part } });
    }
  }
  return calls;
}
