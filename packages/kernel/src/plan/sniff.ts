import type { AnyModality, SniffResult } from "../contract/modality.ts";
import type { Registry } from "../registry/registry.ts";

/** Bytes that recognition looks at, however long the input is. */
const HEAD_BYTES = 4096;

/** From here on a candidate rests on magic bytes and is no guess. */
export const CERTAIN = 0.9;

/** One thing the bytes may be. */
export interface Candidate {
  readonly modality: string;
  readonly mediaType: string;
  /** 0-1: see `SniffResult`. */
  readonly confidence: number;
}

/**
 * What the bytes may be, by content alone, the most certain first and of equals those of the shared vocabulary first.
 * Only what can be decoded. Reads the first 4 KiB.
 */
export async function sniff(registry: Registry, blob: Blob): Promise<readonly Candidate[]> {
  const head = new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer());
  return registry.modalities
    .flatMap((modality): readonly Candidate[] => {
      const found = sniffSafely(modality, head, blob.size);
      if (found === undefined || registry.codecs(modality).get(found.mediaType)?.decode === undefined) return [];
      return [{ modality: modality.id, mediaType: found.mediaType, confidence: found.confidence }];
    })
    .sort((a, b) => b.confidence - a.confidence);
}

/** An adapter's sniffer sees hostile bytes: one that fails has recognised nothing. */
function sniffSafely(modality: AnyModality, head: Uint8Array, sizeBytes: number): SniffResult | undefined {
  try {
    return modality.sniff?.(head, sizeBytes);
  } catch {
    return undefined;
  }
}
