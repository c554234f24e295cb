/** Bytes that can be read in pieces: a file, or an address that answers ranges. */
export interface ByteSource {
  /** For messages: a file name or an address without its query (which may hold a signature). */
  readonly name: string;
  /** Length of the whole; undefined until an answer has said it. */
  sizeBytes(): number | undefined;
  /**
   * Bytes from `offset` on; fewer than asked for only where the file ends. Throws SG_SATELLITE_ASSET when the source does
   * not give them, and the cancellation.
   */
  read(offset: number, lengthBytes: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** Unwanted bytes that cost less than another request. */
  readonly bridgeBytes: number;
  /** Whether reading the same bytes again is nearly free (a file): then nothing but the index is kept. */
  readonly isLocal: boolean;
}

/** A piece of a source. */
export interface ByteRange {
  readonly offset: number;
  readonly lengthBytes: number;
}
