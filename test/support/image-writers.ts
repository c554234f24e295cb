/** Grey pixels of a test image. */
export interface TestImage {
  readonly data: Uint8Array;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** Uncompressed grey TIFF with one page per image (TIFF 6.0), 300 dpi. */
export function writeTiff(images: readonly TestImage[]): Uint8Array<ArrayBuffer> {
  const entryCount = 11;
  const directoryBytes = 2 + entryCount * 12 + 4 + 16;
  const size = images.reduce((sum, image) => sum + directoryBytes + image.data.length + (image.data.length % 2), 8);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0]);
  let at = 8;
  view.setUint32(4, at, true);
  images.forEach((image, index) => {
    const pixels = at + directoryBytes;
    const resolution = at + 2 + entryCount * 12 + 4;
    view.setUint16(at, entryCount, true);
    const entries: readonly (readonly [tag: number, type: number, value: number])[] = [
      [256, 4, image.widthPixels],
      [257, 4, image.heightPixels],
      [258, 3, 8],
      [259, 3, 1],
      [262, 3, 1],
      [273, 4, pixels],
      [277, 3, 1],
      [278, 4, image.heightPixels],
      [279, 4, image.data.length],
      [282, 5, resolution],
      [283, 5, resolution + 8],
    ];
    entries.forEach(([tag, type, value], entry) => {
      const offset = at + 2 + entry * 12;
      view.setUint16(offset, tag, true);
      view.setUint16(offset + 2, type, true);
      view.setUint32(offset + 4, 1, true);
      if (type === 3) view.setUint16(offset + 8, value, true);
      else view.setUint32(offset + 8, value, true);
    });
    for (const offset of [resolution, resolution + 8]) {
      view.setUint32(offset, 300, true);
      view.setUint32(offset + 4, 1, true);
    }
    file.set(image.data, pixels);
    const end = pixels + image.data.length + (image.data.length % 2);
    view.setUint32(at + 2 + entryCount * 12, index === images.length - 1 ? 0 : end, true);
    at = end;
  });
  return file;
}

/** Bottom-up BMP with 24 bits per pixel, from grey. */
export function writeBmp(image: TestImage): Uint8Array<ArrayBuffer> {
  const rowBytes = Math.ceil((image.widthPixels * 3) / 4) * 4;
  const file = new Uint8Array(54 + rowBytes * image.heightPixels);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  view.setUint32(2, file.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, image.widthPixels, true);
  view.setInt32(22, image.heightPixels, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < image.heightPixels; y++) {
    for (let x = 0; x < image.widthPixels; x++) {
      const value = image.data[(image.heightPixels - 1 - y) * image.widthPixels + x] ?? 0;
      file.fill(value, 54 + y * rowBytes + x * 3, 54 + y * rowBytes + x * 3 + 3);
    }
  }
  return file;
}

/** Binary PGM. */
export function writePgm(image: TestImage): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    Buffer.concat([Buffer.from(`P5\n# made by a test\n${image.widthPixels} ${image.heightPixels}\n255\n`), image.data]),
  );
}
