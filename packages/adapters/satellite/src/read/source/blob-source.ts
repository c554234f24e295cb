import { throwIfCancelled } from "@stargate/kernel";
import { fail } from "../../satellite-errors.ts";
import type { ByteSource } from "./byte-source.ts";

/** Bytes of a Blob, in memory or on disk, read slice by slice. */
export function createBlobSource(blob: Blob, name = "the file"): ByteSource {
  return {
    name,
    isLocal: true,
    bridgeBytes: 64 * 1024,
    sizeBytes: () => blob.size,
    async read(offset, lengthBytes, signal) {
      throwIfCancelled(signal, "Reading");
      try {
        return new Uint8Array(await blob.slice(offset, offset + lengthBytes).arrayBuffer());
      } catch (error) {
        // A file behind a Blob that was changed or removed after it was opened.
        throw fail("SG_SATELLITE_ASSET", `${name} cannot be read any more`, {
          hint: "Open it again: it was changed or removed while it was read.",
          cause: error,
        });
      }
    },
  };
}
