import { readFileSync } from "node:fs";

export interface NumpyArray {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Uint8Array | Int16Array | Int32Array;
}

const kinds = {
  "<f4": Float32Array,
  "<f8": Float64Array,
  "|u1": Uint8Array,
  "|b1": Uint8Array,
  "<i2": Int16Array,
  "<i4": Int32Array,
} as const;

/** An array of numbers as `numpy.save` writes it: C order, little-endian. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export function readNpy(path: string): NumpyArray {
  const bytes = readFileSync(path);
  const isLong = bytes[6] !== 1;
  const headerBytes = isLong ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const start = (isLong ? 12 : 10) + headerBytes;
  const header = bytes.toString("latin1", isLong ? 12 : 10, start);
  const descr = /'descr': '([^']+)'/.exec(header)?.[1] ?? "";
  const kind = kinds[descr as keyof typeof kinds] as (typeof kinds)[keyof typeof kinds] | undefined;
  if (kind === undefined || !header.includes("'fortran_order': False"))
    throw new TypeError(`${path}: cannot read arrays of ${header}`);
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "")
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const data = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length);
  return { shape, values: new kind(data as ArrayBuffer) };
}
