import type { Tensor, TensorMap } from "@stargate/kernel";

/** What of the inputs of a call decides with whom it can share a run, and how long that takes. */
export interface JobShape {
  /**
   * Calls of one model with the same key can be joined along the first axis: the same names, dtypes and other
   * dimensions. undefined: the inputs cannot be joined with any others (no common first axis, or data of a wrong length).
   */
  readonly key: string | undefined;
  /** Items along the first axis; 1 for inputs that cannot be joined. */
  readonly items: number;
  /** Bytes of all inputs; a string counts 2 per UTF-16 unit. */
  readonly bytes: number;
  /** The data of every input has as many values as its shape says. What has not cannot be sent anywhere. */
  readonly isSound: boolean;
  /** Kind of work with comparable times per item: elements of one item over all inputs, rounded to a power of two. */
  readonly bucket: string;
}

/** Looks at inputs once, when a call arrives. Cheap: never touches the data, except the lengths of strings. */
export function shapeOf(inputs: TensorMap): JobShape {
  let key = "";
  let items: number | undefined;
  let elements = 0;
  let bytes = 0;
  let isJoinable = true;
  let isSound = true;
  const names = Object.keys(inputs);
  for (const name of names.length > 1 ? names.sort() : names) {
    const tensor = inputs[name];
    if (tensor === undefined) continue;
    const { dtype, shape, data } = tensor;
    const [first = 0, ...rest] = shape;
    items ??= first;
    isSound &&= shape.every(isSize) && shape.reduce((product, size) => product * size, 1) === data.length;
    isJoinable &&= first > 0 && first === items;
    key += `${name}:${dtype}:${rest.join("x")};`;
    elements += data.length;
    bytes += bytesOf(tensor);
  }
  if (!isJoinable || !isSound || items === undefined)
    return { key: undefined, items: 1, bytes, bucket: bucketOf(elements), isSound };
  return { key, items, bytes, bucket: bucketOf(elements / items), isSound };
}

/** The same for a model whose calls share no runs: the whole call is one item. */
export function unjoined(shape: JobShape, inputs: TensorMap): JobShape {
  const elements = Object.values(inputs).reduce((sum, { data }) => sum + data.length, 0);
  return { ...shape, key: undefined, items: 1, bucket: bucketOf(elements) };
}

const isSize = (size: number): boolean => Number.isInteger(size) && size >= 0;

/** "2^10": tens of buckets for all there is. */
function bucketOf(elements: number): string {
  return `2^${elements <= 1 ? 0 : Math.round(Math.log2(elements))}`;
}

function bytesOf({ data }: Tensor): number {
  if (ArrayBuffer.isView(data)) return data.byteLength;
  return data.reduce((sum, text) => sum + 2 * text.length, 0);
}
