import { createHash, type Hash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { throwIfCancelled } from "../cancellation.ts";

/** Bytes read at once: hashing them keeps the thread for about half a millisecond. */
const CHUNK_BYTES = 512 * 1024;

/** sha256 of a file in lower-case hex. Reads it in pieces; between two of them the thread is free. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const handle = await open(path, "r");
  try {
    const hash = createHash("sha256");
    await feedFile(hash, handle, signal);
    return hash.digest("hex");
  } finally {
    await handle.close();
  }
}

/** Feeds a file to a hash from its beginning; gives how many bytes that were. */
export async function feedFile(hash: Hash, handle: FileHandle, signal: AbortSignal): Promise<number> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let position = 0; ;) {
    throwIfCancelled(signal);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return position;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}
