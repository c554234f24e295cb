import type { Tensor, TensorData, TensorDtype } from "../contract/compute-backend.ts";
import { fail } from "../errors/catalog.ts";
import { type NumericData, type NumericDtype, tensorArrays } from "./tensor-arrays.ts";

const LENGTH_BYTES = 4;
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * A tensor's values as raw bytes: little-endian and row-major, each string preceded by the number of its UTF-8 bytes
 * (uint32). So do the Open Inference Protocol's binary data, and the ONNX format's raw data for all but strings.
 * Numbers are not copied: the bytes are a view of the tensor's own memory. The shape is not looked at.
 * Throws SG_COMPUTE_INPUT for a string with half a surrogate pair, which has no UTF-8.
 */
export function tensorToBytes({ dtype, data }: Pick<Tensor, "dtype" | "data">): Uint8Array {
  if (dtype === "string") return stringsToBytes(data as readonly string[]); // the contract's pairing of dtype and data
  const numbers = data as NumericData;
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return littleEndian ? bytes : swapBytes(bytes, numbers.BYTES_PER_ELEMENT);
}

/**
 * The tensor whose raw bytes these are. Numbers are not copied where they lie aligned: the tensor is then a view, keeps
 * the whole buffer in memory, and shares it with whatever else views it.
 * Throws SG_COMPUTE_INPUT for bytes of another length than the shape needs, a bool that is neither 0 nor 1, strings that
 * are cut off or not UTF-8, and a shape that is none.
 */
export function tensorFromBytes(dtype: TensorDtype, shape: readonly number[], bytes: Uint8Array): Tensor {
  const length = tensorLength(shape);
  return {
    dtype,
    shape,
    data: dtype === "string" ? stringsFromBytes(bytes, length) : numbersFromBytes(dtype, shape, bytes, length),
  };
}

/** Number of values in a tensor of this shape. Throws SG_COMPUTE_INPUT for a shape that is none. */
export function tensorLength(shape: readonly number[]): number {
  const length = shape.reduce((product, size) => product * size, 1);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || !Number.isSafeInteger(length))
    throw fail("SG_COMPUTE_INPUT", `[${shape.join(", ")}] is not the shape of a tensor`);
  return length;
}

function numbersFromBytes(
  dtype: NumericDtype,
  shape: readonly number[],
  bytes: Uint8Array,
  length: number,
): TensorData {
  const array = tensorArrays[dtype];
  const size = array.BYTES_PER_ELEMENT;
  if (bytes.length !== length * size)
    throw fail(
      "SG_COMPUTE_INPUT",
      `${bytes.length} bytes are no ${dtype} tensor of shape [${shape.join(", ")}], which has ${length * size}`,
    );
  if (dtype === "bool") {
    const index = bytes.findIndex((value) => value > 1);
    if (index >= 0) throw fail("SG_COMPUTE_INPUT", `bool data must be 0 or 1; [${index}] is ${bytes[index]}`);
  }
  const ordered = littleEndian ? bytes : swapBytes(bytes, size);
  // `Uint8Array.prototype`'s: `slice` of a Node.js Buffer does not copy.
  const aligned = ordered.byteOffset % size === 0 ? ordered : Uint8Array.prototype.slice.call(ordered);
  return new array(aligned.buffer, aligned.byteOffset, length);
}

function stringsToBytes(strings: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  const encoded = strings.map((text, index) => {
    if (!text.isWellFormed())
      throw fail("SG_COMPUTE_INPUT", `string data [${index}] has half a surrogate pair, which has no UTF-8`);
    return encoder.encode(text);
  });
  const bytes = new Uint8Array(encoded.reduce((total, { length }) => total + LENGTH_BYTES + length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const text of encoded) {
    view.setUint32(offset, text.length, true);
    bytes.set(text, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + text.length;
  }
  return bytes;
}

function stringsFromBytes(bytes: Uint8Array, length: number): readonly string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A byte order mark is part of the value.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const strings: string[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const start = offset + LENGTH_BYTES;
    const end = start <= bytes.length ? start + view.getUint32(offset, true) : Infinity;
    if (end > bytes.length)
      throw fail("SG_COMPUTE_INPUT", `string data is cut off within [${strings.length}], at byte ${bytes.length}`);
    try {
      strings.push(decoder.decode(bytes.subarray(start, end)));
    } catch (cause) {
      throw fail("SG_COMPUTE_INPUT", `string data [${strings.length}] is not UTF-8`, { cause });
    }
    offset = end;
  }
  if (strings.length !== length)
    throw fail("SG_COMPUTE_INPUT", `string data has ${strings.length} values; its shape needs ${length}`);
  return strings;
}

/** The same values in the other byte order. For machines whose memory is big-endian. */
export function swapBytes(bytes: Uint8Array, size: number): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += size)
    for (let index = 0; index < size; index++) swapped[start + index] = bytes[start + size - 1 - index] ?? 0;
  return swapped;
}
