import { fail } from "../../satellite-errors.ts";

const CLEAR = 256;
const END = 257;
const MAX_CODES = 4096;

/**
 * Expands TIFF's LZW (TIFF 6.0, section 13: most significant bit first, code lengths change one early). A string of the
 * table is remembered by where it last stood in the output, so that writing it is one copy. Stops when `output` is full.
 * Returns the bytes written. Throws SG_INPUT_CORRUPT.
 */
export function expandLzw(input: Uint8Array, output: Uint8Array): number {
  const starts = new Uint32Array(MAX_CODES);
  const lengths = new Uint32Array(MAX_CODES);
  const size = output.length;
  let next = 258;
  let bits = 9;
  let buffer = 0;
  let held = 0;
  let at = 0;
  let written = 0;
  let previousStart = 0;
  let previousLength = 0;
  while (written < size) {
    while (held < bits) {
      if (at >= input.length) return written; // some writers leave out the last code
      buffer = ((buffer << 8) | (input[at++] ?? 0)) & 0xff_ff_ff;
      held += 8;
    }
    held -= bits;
    const code = (buffer >>> held) & ((1 << bits) - 1);
    if (code === END) return written;
    if (code === CLEAR) {
      next = 258;
      bits = 9;
      previousLength = 0;
      continue;
    }
    const start = written;
    let length = 1;
    if (code < CLEAR) output[written] = code;
    else {
      if (code >= next && !(code === next && previousLength > 0))
        throw fail("SG_INPUT_CORRUPT", "A tile is damaged: LZW code that was never defined");
      // The code that is just being made is the previous string and its own first byte, which stand side by side.
      const from = code === next ? previousStart : (starts[code] ?? 0);
      length = code === next ? previousLength + 1 : (lengths[code] ?? 0);
      const end = Math.min(length, size - written);
      if (length > 32 && from + length <= written) output.copyWithin(written, from, from + end);
      else for (let index = 0; index < end; index++) output[written + index] = output[from + index] ?? 0;
    }
    if (previousLength > 0 && next < MAX_CODES) {
      starts[next] = previousStart;
      lengths[next] = previousLength + 1;
      next++;
      if (next >= (1 << bits) - 1 && bits < 12) bits++;
    }
    previousStart = start;
    previousLength = length;
    written += length;
  }
  return size;
}
