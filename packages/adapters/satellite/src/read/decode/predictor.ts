/** Swaps the bytes of numbers in place: files written on machines of the other order. */
export function swapBytes(bytes: Uint8Array, sizeBytes: number): void {
  if (sizeBytes === 2) {
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      const first = bytes[at] ?? 0;
      bytes[at] = bytes[at + 1] ?? 0;
      bytes[at + 1] = first;
    }
    return;
  }
  for (let at = 0; at + sizeBytes <= bytes.length; at += sizeBytes) bytes.subarray(at, at + sizeBytes).reverse();
}

/**
 * Undoes horizontal differencing (predictor 2) in place: each number is the difference to its neighbour on the left, of the
 * same sample. Differences wrap around; typed arrays do that by themselves.
 */
export function undoDifferences(
  numbers: Uint8Array | Uint16Array | Uint32Array,
  rowNumbers: number,
  samples: number,
): void {
  const rows = Math.floor(numbers.length / rowNumbers);
  if (samples === 1) {
    for (let row = 0; row < rows; row++) {
      const end = (row + 1) * rowNumbers;
      let sum = 0;
      for (let at = row * rowNumbers; at < end; at++) {
        sum = (sum + (numbers[at] as number)) | 0; // within bounds; low bits are all that is stored
        numbers[at] = sum;
      }
    }
    return;
  }
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * rowNumbers;
    for (let at = row * rowNumbers + samples; at < end; at++)
      numbers[at] = (numbers[at] as number) + (numbers[at - samples] as number); // within bounds
  }
}

/**
 * Undoes the floating-point predictor (3; Adobe Photoshop TIFF technical note 3): bytes of a row are differenced and
 * sorted by significance, the highest first. Returns little-endian numbers.
 */
export function undoFloatPredictor(
  bytes: Uint8Array<ArrayBuffer>,
  { rowNumbers, samples, sizeBytes }: { rowNumbers: number; samples: number; sizeBytes: number },
): Uint8Array<ArrayBuffer> {
  const rowBytes = rowNumbers * sizeBytes;
  const output = new Uint8Array(bytes.length - (bytes.length % rowBytes));
  for (let start = 0; start < output.length; start += rowBytes) {
    for (let at = start + samples; at < start + rowBytes; at++)
      bytes[at] = ((bytes[at] ?? 0) + (bytes[at - samples] ?? 0)) & 255;
    for (let byte = 0; byte < sizeBytes; byte++) {
      const plane = start + (sizeBytes - 1 - byte) * rowNumbers;
      for (let index = 0; index < rowNumbers; index++)
        output[start + index * sizeBytes + byte] = bytes[plane + index] ?? 0;
    }
  }
  return output;
}
