/** Documents a catalogue gave, kept for a while. */
export interface StacCache {
  get(address: string): CachedDocument | undefined;
  set(address: string, document: CachedDocument): void;
}

export interface CachedDocument {
  readonly value: unknown;
  /** To ask whether it has changed. */
  readonly etag: string | undefined;
  /** On the clock that was used. */
  readonly atMs: number;
}

const MAX_DOCUMENTS = 100;

/** A cache for the time of a process; the oldest documents leave it first. */
export function createStacCache(): StacCache {
  const documents = new Map<string, CachedDocument>();
  return {
    get: (address) => documents.get(address),
    set(address, document) {
      documents.delete(address);
      documents.set(address, document);
      if (documents.size > MAX_DOCUMENTS) documents.delete(documents.keys().next().value as string); // not empty
    },
  };
}
