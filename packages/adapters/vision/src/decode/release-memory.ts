/**
 * Gives back the memory of values nobody looks at any more, at once. The garbage collector sees only small objects in
 * front of it, lets dozens of pictures pile up, and then has to go through everything the thread holds. Memory that is
 * shared with others is left alone.
 */
export function releaseMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
