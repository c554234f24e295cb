import type { Tensor } from "@stargate/kernel";
import { tensorFromBytes } from "@stargate/kernel/backend";
import { type FrameHead, LENGTH_BYTES } from "./frame-head.ts";

/** Takes the next bytes of a stream. Throws for bytes that are no frame; the stream cannot be read on then. */
export type FrameReader = (chunk: Uint8Array) => void;

/**
 * Makes messages of a stream of frames. Every tensor gets memory of its own, of exactly its size, into which its values
 * are copied once: it can be kept or transferred without the others.
 */
export function createFrameReader<Message>(receive: (message: Message) => void): FrameReader {
  const parts = readParts(receive);
  let target = allocate(parts.next().value);
  let filled = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      const taken = Math.min(target.length - filled, chunk.length - at);
      target.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      // A part may be empty: a tensor without values.
      for (; filled === target.length; filled = 0) target = allocate(parts.next(target).value);
    }
  };
}

/** What comes next in the stream: yields how many bytes it needs, and is given them. */
function* readParts<Message>(receive: (message: Message) => void): Generator<number, never, Uint8Array<ArrayBuffer>> {
  for (;;) {
    const length = yield LENGTH_BYTES;
    const json = yield new DataView(length.buffer).getUint32(0, true);
    const { message, tensors: heads } = JSON.parse(new TextDecoder().decode(json)) as FrameHead; // `writeFrame` wrote it
    const tensors: [string, Tensor][] = [];
    for (const { name, dtype, shape, bytes } of heads ?? [])
      tensors.push([name, tensorFromBytes(dtype, shape, yield bytes)]);
    receive((heads === undefined ? message : { ...message, tensors: Object.fromEntries(tensors) }) as Message);
  }
}

/** Memory that is not zeroed, as it is filled to the last byte before anybody sees it. */
function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);
}
