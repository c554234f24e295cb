const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** float32 little-endian, whatever the machine's own order. */
export function floatsToBytes(values: Float32Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(values.length * BYTES));
  for (let index = 0; index < values.length; index++) view.setFloat32(index * BYTES, values[index] ?? 0, true);
  return new Uint8Array(view.buffer);
}

export function floatsFromBytes(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(Math.floor(bytes.length / BYTES));
  for (let index = 0; index < values.length; index++) values[index] = view.getFloat32(index * BYTES, true);
  return values;
}
