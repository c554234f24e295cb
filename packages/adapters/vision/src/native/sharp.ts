import type { RgbImage } from "../decode/rgb-image.ts";
import { fail } from "../vision-errors.ts";

let loading: ReturnType<typeof load> | undefined;

/** What `sharp` calls the formats that count as pictures here; it knows SVG, too, which can refer to other files. */
const formats: ReadonlySet<string> = new Set(["jpeg", "png", "webp", "gif", "tiff", "heif"]);

/** A picture and how many the file holds. */
export interface DecodedImage extends RgbImage {
  /** Pages of a TIFF, frames of an animation; only the first was decoded. */
  readonly pages: number;
}

/**
 * Decodes the first picture of a JPEG, PNG, WebP, GIF, TIFF or AVIF file: upright (EXIF orientation applied), sRGB,
 * 8 bits, transparency dropped as PIL's `convert("RGB")` drops it.
 * Throws SG_INPUT_TOO_LARGE beyond `maxPixels`, before anything is decoded; SG_INPUT_UNRECOGNISED for a format that is
 * none of these, SG_INPUT_CORRUPT for anything the decoder complains about, and SG_VISION_PACKAGE_MISSING.
 */
export async function decodeRgb(bytes: Uint8Array, maxPixels: number): Promise<DecodedImage> {
  const sharp = await engine();
  const image = sharp(bytes, { limitInputPixels: maxPixels, failOn: "error", sequentialRead: true });
  const { format, width, height, pages, pageHeight } = await image.metadata().catch((error: unknown) => {
    throw unreadable(error, maxPixels);
  });
  if (!formats.has(format)) throw unrecognised();
  if (width * (pageHeight ?? height) > maxPixels) throw tooLarge(maxPixels);
  try {
    const { data, info } = await image
      .autoOrient()
      .removeAlpha()
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return {
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      widthPixels: info.width,
      heightPixels: info.height,
      pages: pages ?? 1,
    };
  } catch (error) {
    throw unreadable(error, maxPixels);
  }
}

/** Version of the decoder, for `stargate doctor`. */
export async function sharpVersion(): Promise<string> {
  return (await engine()).versions.sharp ?? "unknown";
}

/** Loaded on first use and kept; a failure is not. */
function engine(): ReturnType<typeof load> {
  loading ??= load().catch((cause: unknown) => {
    loading = undefined;
    throw fail("SG_VISION_PACKAGE_MISSING", "The package sharp cannot be loaded", {
      hint: "Run npm install sharp.",
      cause,
    });
  });
  return loading;
}

async function load() {
  const { default: sharp } = await import("sharp");
  // Pictures are never read twice; and one thread per picture beats several, as pictures are read in parallel.
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}

/** The decoder's own words stay in `cause`: they go to the log, never to a caller. */
function unreadable(cause: unknown, maxPixels: number): Error {
  const words = cause instanceof Error ? cause.message : "";
  if (/pixel limit/i.test(words)) return tooLarge(maxPixels, cause);
  if (/unsupported image format/i.test(words)) return unrecognised(cause);
  return fail("SG_INPUT_CORRUPT", "The image is truncated or damaged and cannot be decoded", { cause });
}

function tooLarge(maxPixels: number, cause?: unknown): Error {
  return fail("SG_INPUT_TOO_LARGE", `The image has more than ${maxPixels} pixels`, {
    hint: "Send it in a lower resolution, or raise the adapter's maxPixels.",
    cause,
  });
}

function unrecognised(cause?: unknown): Error {
  return fail("SG_INPUT_UNRECOGNISED", "The bytes are no JPEG, PNG, WebP, GIF, TIFF or AVIF picture", {
    hint: "Convert the picture to PNG or JPEG.",
    cause,
  });
}
