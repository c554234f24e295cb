import type { Tensor, TensorData, TensorMap } from "@stargate/kernel/backend";

type Numbers = Exclude<TensorData, readonly string[]>;

/** The rows of these numbers along the first axis, in that order, some perhaps more than once. */
function selectRows(tensor: Tensor, rows: readonly number[]): Tensor {
  const [, ...rest] = tensor.shape;
  const size = rest.reduce((product, length) => product * length, 1);
  const from = tensor.data as Numbers; // caches are numbers
  const made = from.slice(0, 0).constructor as new (length: number) => Numbers; // the class of any typed array
  const data = new made(rows.length * size);
  for (const [index, row] of rows.entries())
    // Both are of one class, so `set` takes the other's values, bigints or numbers.
    (data as Uint8Array).set((from as Uint8Array).subarray(row * size, (row + 1) * size), index * size);
  return { dtype: tensor.dtype, shape: [rows.length, ...rest], data };
}

/** The same of each tensor; all of them as they are when nothing changes. */
export function selectAllRows(tensors: TensorMap, rows: readonly number[]): TensorMap {
  const [first] = Object.values(tensors);
  const isSame = rows.length === first?.shape[0] && rows.every((row, index) => row === index);
  if (isSame) return tensors;
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, selectRows(tensor, rows)]));
}
