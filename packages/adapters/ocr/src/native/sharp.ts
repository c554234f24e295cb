import type { GrayImage } from "../image/gray-image.ts";
import { decodePlain, type PlainImage, readPlainInfo, toGray } from "../image/plain-image.ts";
import { fail } from "../ocr-errors.ts";
import { lazyPackage } from "./load-package.ts";

const load = lazyPackage("sharp", async () => {
  const { default: sharp } = await import("sharp");
  // Pages are never read twice; and one thread per page beats several, as pages run in parallel.
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
});

/** What an encoded image says about itself in its header. */
export interface ImageInfo {
  /** Pages of a TIFF, frames of a GIF or WebP; 1 for the rest. */
  readonly pages: number;
  /** Size of the page asked for, as it is to be looked at (EXIF orientation applied). */
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Pixels per inch, when the file states it. */
  readonly dpi?: number | undefined;
}

/** Reads the header of any image format without decoding pixels. `page` is 0-based. Throws SG_INPUT_CORRUPT. */
export async function readImageInfo(bytes: Uint8Array, page: number): Promise<ImageInfo> {
  const plain = readPlainInfo(bytes);
  if (plain !== undefined) return { pages: 1, ...plain };
  const sharp = await load();
  try {
    const metadata = await sharp(bytes, { page, limitInputPixels: false, failOn: "error" }).metadata();
    const pages = metadata.pages ?? 1;
    const turned = (metadata.orientation ?? 1) >= 5;
    const height = metadata.pageHeight ?? metadata.height;
    return {
      pages,
      widthPixels: turned ? height : metadata.width,
      heightPixels: turned ? metadata.width : height,
      dpi: metadata.density,
    };
  } catch (error) {
    throw corrupt(error);
  }
}

/** Raw size of the first page and its EXIF orientation (TIFF 6.0, tag 274; 1 is upright). Throws SG_INPUT_CORRUPT. */
export async function readOrientation(
  bytes: Uint8Array,
): Promise<{ readonly widthPixels: number; readonly heightPixels: number; readonly orientation: number }> {
  const plain = readPlainInfo(bytes);
  if (plain !== undefined) return { widthPixels: plain.widthPixels, heightPixels: plain.heightPixels, orientation: 1 };
  const sharp = await load();
  try {
    const { width, height, orientation } = await sharp(bytes, { limitInputPixels: false, failOn: "error" }).metadata();
    return { widthPixels: width, heightPixels: height, orientation: orientation ?? 1 };
  } catch (error) {
    throw corrupt(error);
  }
}

/**
 * Decodes one page to grey: transparency on white, EXIF orientation applied. `page` is 0-based.
 * Throws SG_INPUT_TOO_LARGE beyond `maxPixels` and SG_INPUT_CORRUPT on anything the decoder complains about.
 */
export async function decodeGray(bytes: Uint8Array, page: number, maxPixels: number): Promise<GrayImage> {
  const plain = decodeWithin(bytes, maxPixels);
  if (plain !== undefined) return toGray(plain);
  return decode(bytes, { page, maxPixels, grayOnly: true });
}

/** Like `decodeGray`, but keeps colours: grey pixels (1 channel) or RGB (3). */
export async function decodePixels(bytes: Uint8Array, page: number, maxPixels: number): Promise<PlainImage> {
  return decodeWithin(bytes, maxPixels) ?? decode(bytes, { page, maxPixels, grayOnly: false });
}

function decodeWithin(bytes: Uint8Array, maxPixels: number): PlainImage | undefined {
  const info = readPlainInfo(bytes);
  if (info !== undefined && info.widthPixels * info.heightPixels > maxPixels) throw tooLarge(maxPixels);
  return decodePlain(bytes);
}

async function decode(
  bytes: Uint8Array,
  wanted: { readonly page: number; readonly maxPixels: number; readonly grayOnly: boolean },
): Promise<PlainImage> {
  const sharp = await load();
  try {
    const image = sharp(bytes, {
      page: wanted.page,
      limitInputPixels: wanted.maxPixels,
      failOn: "error",
      sequentialRead: true,
    });
    const isGray = wanted.grayOnly || ["b-w", "grey16"].includes((await image.metadata()).space);
    const { data, info } = await image
      .autoOrient()
      .flatten({ background: "white" })
      .toColourspace(isGray ? "b-w" : "srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return {
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      widthPixels: info.width,
      heightPixels: info.height,
      channels: info.channels === 1 ? 1 : 3,
    };
  } catch (error) {
    if (error instanceof Error && /pixel limit/i.test(error.message)) throw tooLarge(wanted.maxPixels, error);
    throw corrupt(error);
  }
}

/** Turns an image clockwise by any angle about its centre; the canvas grows, new corners are white. */
export async function rotateGray(image: GrayImage, clockwiseDegrees: number): Promise<GrayImage> {
  const sharp = await load();
  const { data, info } = await sharp(image.data, { raw: rawOf(image), limitInputPixels: false })
    .rotate(clockwiseDegrees, { background: "white" })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, widthPixels: info.width, heightPixels: info.height };
}

/** Scales an image to a new size. */
export async function resizeGray(image: GrayImage, widthPixels: number, heightPixels: number): Promise<GrayImage> {
  const sharp = await load();
  const { data, info } = await sharp(image.data, { raw: rawOf(image), limitInputPixels: false })
    .resize(widthPixels, heightPixels, { fit: "fill", kernel: "cubic" })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, widthPixels: info.width, heightPixels: info.height };
}

/** Version of the decoder, for `stargate doctor`. */
export async function sharpVersion(): Promise<string> {
  const sharp = await load();
  return sharp.versions.sharp ?? "unknown";
}

function rawOf(image: GrayImage): { width: number; height: number; channels: 1 } {
  return { width: image.widthPixels, height: image.heightPixels, channels: 1 };
}

function tooLarge(maxPixels: number, cause?: unknown): Error {
  return fail("SG_INPUT_TOO_LARGE", `The image has more than ${maxPixels} pixels`, { cause });
}

/** The decoder's own words stay in `cause`: they go to the log, never to a caller. */
function corrupt(cause: unknown): Error {
  return fail("SG_INPUT_CORRUPT", "The image is truncated or damaged and cannot be decoded", { cause });
}
