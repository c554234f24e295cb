/** Expands PackBits (TIFF 6.0, section 9). Returns the bytes written; what is cut off is left out. */
export function expandPackBits(input: Uint8Array, output: Uint8Array): number {
  let at = 0;
  let written = 0;
  while (at < input.length && written < output.length) {
    const head = ((input[at++] ?? 0) << 24) >> 24;
    if (head === -128) continue;
    const count = Math.min(head < 0 ? 1 - head : head + 1, output.length - written);
    if (head < 0) output.fill(input[at++] ?? 0, written, written + count);
    else {
      output.set(input.subarray(at, at + count), written);
      at += head + 1;
    }
    written += count;
  }
  return written;
}
