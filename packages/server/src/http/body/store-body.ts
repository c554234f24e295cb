import type { Scratch } from "@stargate/kernel";
import { collectEveryBytes, collectYoung } from "./collect-young.ts";

export interface StoreBodyOptions {
  /** Bodies up to this size stay in memory. */
  readonly memoryBytes: number;
  /** Opened when the first body outgrows the memory. */
  readonly scratch: () => Scratch;
  readonly mediaType: string;
}

/**
 * Turns a stream of chunks into a Blob: in memory while it is small, in a temporary file beyond that.
 * Reads only as fast as the file is written, so that a fast client does not fill the memory.
 */
export async function storeBody(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  { memoryBytes, scratch, mediaType }: StoreBodyOptions,
): Promise<Blob> {
  const held: Uint8Array<ArrayBuffer>[] = [];
  let heldBytes = 0;
  const iterator = chunks[Symbol.asyncIterator]();
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    held.push(next.value);
    heldBytes += next.value.byteLength;
    if (heldBytes > memoryBytes) return scratch().put(rest(held, iterator), mediaType);
  }
  return new Blob(held, { type: mediaType });
}

async function* rest(
  held: Uint8Array<ArrayBuffer>[],
  iterator: AsyncIterator<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let chunk = held.shift(); chunk !== undefined; chunk = held.shift()) yield chunk;
  let sinceCollection = 0;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    sinceCollection += next.value.byteLength;
    if (sinceCollection >= collectEveryBytes) {
      collectYoung();
      sinceCollection = 0;
    }
    yield next.value;
  }
}
