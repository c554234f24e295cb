import { document } from "@stargate/kernel";
import { fail } from "../ocr-errors.ts";

export type DocumentFormat = "pdf" | "image";

/** Bytes at either end of a file that are looked at. */
const HEAD_BYTES = 4096;
const TAIL_BYTES = 4096;

/**
 * What a file is by its content; its name and stated media type do not count.
 * Throws SG_INPUT_EMPTY, SG_INPUT_UNRECOGNISED and, for a PDF without its end, SG_INPUT_CORRUPT.
 */
export async function detectFormat(
  blob: Blob,
  name?: string,
): Promise<{ readonly format: DocumentFormat; readonly mediaType: string }> {
  const called = name === undefined ? "The document" : `"${name}"`;
  if (blob.size === 0) throw fail("SG_INPUT_EMPTY", `${called} has zero bytes`);
  const head = new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer());
  const mediaType = document.sniff?.(head, blob.size)?.mediaType;
  if (mediaType === undefined) {
    throw fail("SG_INPUT_UNRECOGNISED", `${called} is neither a PDF nor an image this adapter reads`, {
      hint: "Send a PDF, or a PNG, JPEG, WebP, TIFF, BMP, GIF or PNM image that is whole.",
    });
  }
  if (mediaType !== "application/pdf") return { format: "image", mediaType };
  await checkPdfEnd(blob, called);
  return { format: "pdf", mediaType };
}

/**
 * A PDF ends with "startxref", an offset and "%%EOF". Without them it is cut off: readers would repair it and show the
 * pages they find, which is a silent truncation.
 */
async function checkPdfEnd(blob: Blob, called: string): Promise<void> {
  const tail = new TextDecoder("latin1").decode(await blob.slice(Math.max(0, blob.size - TAIL_BYTES)).arrayBuffer());
  if (/startxref|%%EOF/.test(tail)) return;
  throw fail(
    "SG_INPUT_CORRUPT",
    `${called} is a PDF that is cut off after ${blob.size} bytes: its end mark is missing`,
  );
}
