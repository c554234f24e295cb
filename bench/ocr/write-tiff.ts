import type { Raster } from "./scanned-pages.ts";

/** Tags of TIFF 6.0 (1992), section 2, in ascending order. */
const tags = {
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometricInterpretation: 262,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  resolutionUnit: 296,
} as const;
const long = 4;
const rational = 5;
const entryBytes = 12;

/** Rasters as the pages of one uncompressed TIFF, which every reader reads. */
export function writeTiff(pages: readonly Raster[]): Buffer {
  const header = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  const parts: Buffer[] = [header];
  let offset = header.length;
  for (const [index, page] of pages.entries()) {
    const entries = directory(page);
    const directoryBytes = 2 + entries.length * entryBytes + 4;
    const resolutionAt = offset + directoryBytes;
    const dataAt = resolutionAt + 8;
    const next = dataAt + page.data.byteLength + (page.data.byteLength % 2);
    const head = Buffer.alloc(directoryBytes + 8);
    head.writeUInt16LE(entries.length, 0);
    for (const [line, [tag, value]] of entries.entries()) {
      const at = 2 + line * entryBytes;
      const isResolution = tag === tags.xResolution || tag === tags.yResolution;
      head.writeUInt16LE(tag, at);
      head.writeUInt16LE(isResolution ? rational : long, at + 2);
      head.writeUInt32LE(1, at + 4);
      head.writeUInt32LE(isResolution ? resolutionAt : tag === tags.stripOffsets ? dataAt : value, at + 8);
    }
    head.writeUInt32LE(index === pages.length - 1 ? 0 : next, directoryBytes - 4);
    head.writeUInt32LE(page.dpi, directoryBytes);
    head.writeUInt32LE(1, directoryBytes + 4);
    parts.push(head, Buffer.from(page.data), Buffer.alloc(page.data.byteLength % 2));
    offset = next;
  }
  return Buffer.concat(parts);
}

function directory({ widthPixels, heightPixels, data }: Raster): readonly (readonly [tag: number, value: number])[] {
  return [
    [tags.imageWidth, widthPixels],
    [tags.imageLength, heightPixels],
    [tags.bitsPerSample, 8],
    [tags.compression, 1], // none
    [tags.photometricInterpretation, 1], // 0 is black
    [tags.stripOffsets, 0],
    [tags.samplesPerPixel, 1],
    [tags.rowsPerStrip, heightPixels],
    [tags.stripByteCounts, data.byteLength],
    [tags.xResolution, 0],
    [tags.yResolution, 0],
    [tags.resolutionUnit, 2], // inch
  ];
}
