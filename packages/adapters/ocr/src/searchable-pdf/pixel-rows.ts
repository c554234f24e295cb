import type { PlainImage } from "../image/plain-image.ts";

/** Drops two of three equal channels: decoders give scans in grey as RGB. */
export function withoutEqualChannels(image: PlainImage): PlainImage {
  const { data } = image;
  if (image.channels === 1) return image;
  for (let at = 0; at < data.length; at += 3) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return image;
  }
  const grey = new Uint8Array(data.length / 3);
  for (let at = 0; at < grey.length; at++) grey[at] = data[at * 3] ?? 0;
  return { ...image, data: grey, channels: 1 };
}

/**
 * Rows as PNG filter "up" writes them (PNG, 9.2): a byte that names the filter, then each byte less the one above.
 * Deflate makes half of that what it makes of plain rows, and PDF takes it as /Predictor 15.
 */
export function filterRows({ data, widthPixels, channels }: PlainImage): Uint8Array {
  const bytesPerRow = widthPixels * channels;
  const rows = Math.floor(data.length / bytesPerRow);
  const filtered = new Uint8Array(rows * (bytesPerRow + 1));
  for (let row = 0; row < rows; row++) {
    const from = row * bytesPerRow;
    const to = row * (bytesPerRow + 1);
    filtered[to] = 2;
    for (let at = 0; at < bytesPerRow; at++) {
      filtered[to + 1 + at] = (data[from + at] ?? 0) - (row === 0 ? 0 : (data[from + at - bytesPerRow] ?? 0));
    }
  }
  return filtered;
}
