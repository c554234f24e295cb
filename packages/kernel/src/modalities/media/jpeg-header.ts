import type { ImageHeader } from "./image-header.ts";

/** Segments looked at before giving up: a real file has a few dozen, each at most 64 KiB. */
const MAX_SEGMENTS = 512;

/** Walks the segments up to the frame header (ITU T.81, B.2), reading only their first bytes. */
export async function readJpegHeader(blob: Blob): Promise<ImageHeader | undefined> {
  let offset = 2;
  for (let segment = 0; segment < MAX_SEGMENTS; segment++) {
    const bytes = new Uint8Array(await blob.slice(offset, offset + 9).arrayBuffer());
    if (bytes.length < 9 || bytes[0] !== 0xff) return undefined;
    const view = new DataView(bytes.buffer);
    const marker = view.getUint8(1);
    if (marker === 0xff) offset += 1; // fill byte
    else if (isFrame(marker)) return { widthPixels: view.getUint16(7), heightPixels: view.getUint16(5), pages: 1 };
    else if (hasNoLength(marker)) offset += 2;
    else offset += 2 + Math.max(2, view.getUint16(2));
  }
  return undefined;
}

/** SOF0-SOF15 without DHT (C4), JPG (C8) and DAC (CC). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function hasNoLength(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}
