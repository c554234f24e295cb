import type { StatedLength } from "./stated-length.ts";

/** Offset of what STREAMINFO, always the first block, says about rate and length (RFC 9639, 8.2). */
const RATE_AND_LENGTH = 18;

/** Head of that block: type 0, 34 bytes. The first bit says whether more blocks follow. */
const STREAMINFO_BYTES = 34;

/** How much a FLAC file holds; undefined when its encoder did not know. */
export function flacLength(head: Uint8Array): StatedLength | undefined {
  if (head.length < RATE_AND_LENGTH + 8 || head[0] !== 0x66) return undefined;
  const view = new DataView(head.buffer, head.byteOffset);
  if ((view.getUint32(4) & 0x7fffffff) !== STREAMINFO_BYTES) return undefined;
  const sampleRateHz = view.getUint32(RATE_AND_LENGTH) >>> 12;
  const samples = (view.getUint8(RATE_AND_LENGTH + 3) & 0xf) * 2 ** 32 + view.getUint32(RATE_AND_LENGTH + 4);
  return sampleRateHz === 0 || samples === 0 ? undefined : { samples, sampleRateHz };
}
