import type { Scratch } from "../../contract/run-context.ts";
import { fail } from "../../errors/catalog.ts";

/** A temporary place in memory. `put` throws SG_SCRATCH_FULL beyond `maxBytes`, before keeping more. */
export function createMemoryScratch(maxBytes: number): { readonly scratch: Scratch; close(): Promise<void> } {
  let usedBytes = 0;
  const reserve = (bytes: number): void => {
    if (usedBytes + bytes > maxBytes)
      throw fail(
        "SG_SCRATCH_FULL",
        `Temporary data of ${usedBytes + bytes} bytes exceeds the run's quota of ${maxBytes} bytes`,
      );
    usedBytes += bytes;
  };
  const scratch: Scratch = {
    async put(body, mediaType = "") {
      if (body instanceof Blob) {
        reserve(body.size);
        return mediaType === "" ? body : new Blob([body], { type: mediaType });
      }
      const parts: Uint8Array<ArrayBuffer>[] = [];
      for await (const part of body) {
        reserve(part.byteLength);
        parts.push(new Uint8Array(part)); // a copy: the caller may reuse its buffer
      }
      return new Blob(parts, { type: mediaType });
    },
  };
  return { scratch, close: async () => void (usedBytes = maxBytes) };
}
