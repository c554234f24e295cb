/** Spreads numbers of 1-15 bits, packed most significant bit first with rows beginning at whole bytes, to whole ones. */
export function unpackBits<T extends Uint8Array | Uint16Array>(
  bytes: Uint8Array,
  output: T,
  { rowNumbers, bits }: { rowNumbers: number; bits: number },
): T {
  const rowBytes = Math.ceil((rowNumbers * bits) / 8);
  const rows = Math.floor(output.length / rowNumbers);
  for (let row = 0; row < rows; row++) {
    let buffer = 0;
    let held = 0;
    let at = row * rowBytes;
    for (let index = 0; index < rowNumbers; index++) {
      while (held < bits) {
        buffer = ((buffer << 8) | (bytes[at++] ?? 0)) & 0xff_ff_ff;
        held += 8;
      }
      held -= bits;
      output[row * rowNumbers + index] = (buffer >>> held) & ((1 << bits) - 1);
    }
  }
  return output;
}
