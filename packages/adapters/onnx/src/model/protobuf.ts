import { fail } from "../onnx-errors.ts";

/** One field of a message: a varint as a number, anything with a length as its bytes. */
export interface ProtobufField {
  readonly id: number;
  readonly value: number | Uint8Array;
}

/** Writes a field: a number as a varint (below 2^31), text and messages with their length before them. */
export function writeField(id: number, value: number | string | readonly number[]): number[] {
  if (typeof value === "number") return [...writeVarint(id << 3), ...writeVarint(value)];
  const bytes = typeof value === "string" ? [...new TextEncoder().encode(value)] : value;
  return [...writeVarint((id << 3) | 2), ...writeVarint(bytes.length), ...bytes];
}

/**
 * Fields of a message in the order they lie; nothing is copied. Fixed-width fields are passed over.
 * Throws SG_COMPUTE_MODEL for bytes that are no message.
 */
export function* readFields(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 10; shift++) {
      const byte = bytes[at++];
      if (byte === undefined) throw malformed();
      // Beyond 2^53 only negative int64 values lie, whose exact size nobody here asks for.
      value += (byte & 127) * 128 ** shift;
      if (byte < 128) return value;
    }
    throw malformed();
  };
  const skip = (length: number): void => {
    at += length;
    if (at > bytes.length) throw malformed();
  };
  while (at < bytes.length) {
    const tag = varint();
    const id = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 0) yield { id, value: varint() };
    else if (wireType === 1) skip(8);
    else if (wireType === 5) skip(4);
    else if (wireType === 2) {
      const length = varint();
      skip(length);
      yield { id, value: bytes.subarray(at - length, at) };
    } else throw malformed();
  }
}

function writeVarint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

function malformed(): Error {
  return fail("SG_COMPUTE_MODEL", "its bytes are no ONNX model: truncated, or of another format");
}
