import { decodeBmp, isBmp, readBmpInfo } from "./decode-bmp.ts";
import { decodePnm, isPnm, readPnmInfo } from "./decode-pnm.ts";
import type { GrayImage, PixelSize } from "./gray-image.ts";

/** Decoded pixels, row-major: 1 channel grey, 3 channels RGB, 8 bits each. */
export interface PlainImage extends PixelSize {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly channels: 1 | 3;
}

/** Header of a plain format. */
export interface PlainImageInfo extends PixelSize {
  readonly dpi?: number | undefined;
}

/** Size of a BMP or PNM from its header; undefined for any other format. Throws SG_INPUT_CORRUPT. */
export function readPlainInfo(bytes: Uint8Array): PlainImageInfo | undefined {
  if (isBmp(bytes)) return readBmpInfo(bytes);
  return isPnm(bytes) ? readPnmInfo(bytes) : undefined;
}

/** Pixels of a BMP or PNM, which the image library does not read; undefined for any other format. Throws SG_INPUT_CORRUPT. */
export function decodePlain(bytes: Uint8Array): PlainImage | undefined {
  if (isBmp(bytes)) return decodeBmp(bytes);
  return isPnm(bytes) ? decodePnm(bytes) : undefined;
}

/** Luma of RGB (ITU-R BT.601). */
export function toGray(image: PlainImage): GrayImage {
  const { data, widthPixels, heightPixels } = image;
  if (image.channels === 1) return { data, widthPixels, heightPixels };
  const gray = new Uint8Array(widthPixels * heightPixels);
  for (let index = 0, at = 0; index < gray.length; index++, at += 3) {
    gray[index] = ((data[at] ?? 0) * 299 + (data[at + 1] ?? 0) * 587 + (data[at + 2] ?? 0) * 114) / 1000;
  }
  return { data: gray, widthPixels, heightPixels };
}
