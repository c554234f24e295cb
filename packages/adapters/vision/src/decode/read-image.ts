import { decodeRgb, type DecodedImage } from "../native/sharp.ts";
import { fail } from "../vision-errors.ts";

/** Encoded files are decoded from memory; a picture within any sensible number of pixels is far smaller. */
const MAX_ENCODED_BYTES = 256 * 1024 * 1024;

/**
 * Reads and decodes a picture. Heavy: call it inside an offload task, never on the gateway's thread.
 * Throws SG_INPUT_EMPTY, SG_INPUT_TOO_LARGE and what `decodeRgb` throws.
 */
export async function readImage(source: Blob, maxPixels: number): Promise<DecodedImage> {
  if (source.size === 0) throw fail("SG_INPUT_EMPTY", "The image has zero bytes");
  if (source.size > MAX_ENCODED_BYTES)
    throw fail("SG_INPUT_TOO_LARGE", `The image file has ${source.size} bytes; the limit is ${MAX_ENCODED_BYTES}`);
  return decodeRgb(new Uint8Array(await source.arrayBuffer()), maxPixels);
}
