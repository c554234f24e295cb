/** Smaller memory may be shared with others (Node's pool of buffers), and is not worth it. */
const LEAST_BYTES = 128 * 1024;

/**
 * Gives memory back that nobody uses any more, at once: collecting hundreds of megabytes of such buffers takes V8 longer
 * than inflating them. The view is empty afterwards, and all others of its buffer.
 */
export function release({ buffer }: { readonly buffer: ArrayBuffer }): void {
  if (buffer.byteLength >= LEAST_BYTES) buffer.transfer(0);
}
