/** A tar archive is a row of 512-byte blocks (POSIX.1-2017, pax). */
export const BLOCK_BYTES = 512;

/** Fields of a ustar header: offset and length in bytes. */
export const headerFields = {
  name: [0, 100],
  mode: [100, 8],
  userId: [108, 8],
  groupId: [116, 8],
  size: [124, 12],
  modifiedAt: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 6],
  version: [263, 2],
  prefix: [345, 155],
} as const satisfies Record<string, readonly [offset: number, length: number]>;

/** Bytes from the end of a body to the next block. */
export function paddingOf(sizeBytes: number): number {
  return (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** Sum of a header's bytes with its checksum field read as spaces. */
export function headerChecksum(header: Uint8Array): number {
  const [from, length] = headerFields.checksum;
  return header.reduce((sum, byte, index) => sum + (index >= from && index < from + length ? 0x20 : byte), 0);
}
