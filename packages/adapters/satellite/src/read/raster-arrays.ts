import type { RasterDtype, RasterValues } from "../modalities/raster/raster-schema.ts";

const makers = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<RasterDtype, unknown>;

/** Zeros of a kind. */
export function createRasterValues(dtype: RasterDtype, length: number): RasterValues {
  return new makers[dtype](length);
}

/** Looks at bytes as numbers, of this machine's order; copies them only when they do not begin at a whole number. */
export function rasterValuesOf(dtype: RasterDtype, bytes: Uint8Array<ArrayBuffer>): RasterValues {
  const size = bytesOfDtype(dtype);
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new makers[dtype](aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / size));
}

export function bytesOfDtype(dtype: RasterDtype): number {
  return makers[dtype].BYTES_PER_ELEMENT;
}

export function dtypeOfValues(values: RasterValues): RasterDtype {
  const found = (Object.keys(makers) as RasterDtype[]).find((dtype) => values instanceof makers[dtype]); // keys of the table
  return found ?? "uint8";
}
