import type { Pixels } from "../media-values.ts";

/** PNG colour types (PNG, 11.2.1) by number of channels. */
const colourTypes = { 1: 0, 3: 2, 4: 6 } as const;

/** Row filter "Up" (PNG, 9.2): difference to the row above. Good on scans, and costs one subtraction per byte. */
const UP_FILTER = 2;

const METRES_PER_INCH = 0.0254;

/** Writes PNG with the platform's own deflate, so without an image library. The resolution goes into pHYs. */
export async function writePng(pixels: Pixels): Promise<Blob> {
  const { widthPixels, heightPixels, channels, dpi } = pixels;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, widthPixels);
  header.setUint32(4, heightPixels);
  header.setUint8(8, 8);
  header.setUint8(9, colourTypes[channels]);
  const parts: BlobPart[] = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", new Uint8Array(header.buffer)),
  ];
  if (dpi !== undefined) parts.push(chunk("pHYs", resolution(dpi)));
  const deflated = new Blob([filteredRows(pixels)]).stream().pipeThrough(new CompressionStream("deflate"));
  const reader = deflated.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) parts.push(chunk("IDAT", read.value));
  parts.push(chunk("IEND", new Uint8Array(0)));
  return new Blob(parts, { type: "image/png" });
}

function resolution(dpi: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(9));
  const pixelsPerMetre = Math.round(dpi / METRES_PER_INCH);
  view.setUint32(0, pixelsPerMetre);
  view.setUint32(4, pixelsPerMetre);
  view.setUint8(8, 1);
  return new Uint8Array(view.buffer);
}

function filteredRows({ data, widthPixels, heightPixels, channels }: Pixels): Uint8Array<ArrayBuffer> {
  const stride = widthPixels * channels;
  const rows = new Uint8Array((stride + 1) * heightPixels);
  for (let row = 0; row < heightPixels; row++) {
    const source = row * stride;
    const target = row * (stride + 1) + 1;
    rows[target - 1] = UP_FILTER;
    for (let index = 0; index < stride; index++) {
      const above = row === 0 ? 0 : (data[source - stride + index] ?? 0);
      rows[target + index] = (data[source + index] ?? 0) - above;
    }
  }
  return rows;
}

function chunk(type: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(body.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let index = 0; index < 4; index++) bytes[4 + index] = type.charCodeAt(index);
  bytes.set(body, 8);
  view.setUint32(body.length + 8, crc32(bytes.subarray(4, body.length + 8)));
  return bytes;
}

/** CRC-32 as PNG, Annex D has it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
