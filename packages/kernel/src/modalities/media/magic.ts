import type { SniffResult } from "../../contract/modality.ts";

/** Media types every document of this kind begins to prove with its first bytes: without them it is not one. */
export const mediaTypesWithMagic: ReadonlySet<string> = new Set([
  "application/pdf",
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "image/bmp",
  "image/tiff",
  "image/x-portable-bitmap",
  "image/x-portable-graymap",
  "image/x-portable-pixmap",
]);

/** Recognises raster images by their signatures. Sizes are plausibility checks where the signature is short. */
export function sniffImage(head: Uint8Array, sizeBytes: number): SniffResult | undefined {
  if (begins(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return certain("image/png");
  if (begins(head, [0xff, 0xd8, 0xff])) return certain("image/jpeg");
  if (asciiAt(head, 0, "GIF87a") || asciiAt(head, 0, "GIF89a")) return certain("image/gif");
  if (asciiAt(head, 0, "RIFF") && asciiAt(head, 8, "WEBP")) return certain("image/webp");
  if (isTiff(head)) return certain("image/tiff");
  if (isBitmap(head, sizeBytes)) return certain("image/bmp");
  return sniffPortableAnymap(head);
}

/**
 * Recognises PDF: the header may follow up to 1,024 bytes of anything (PDF 32000-1, Annex H.3.4.1).
 * Behind other bytes it counts less than certain, since a text may quote it.
 */
export function sniffPdf(head: Uint8Array): SniffResult | undefined {
  const start = begins(head, [0xef, 0xbb, 0xbf]) ? 3 : 0;
  const last = Math.min(head.length, 1024) - 8;
  for (let offset = 0; offset <= last; offset++) {
    if (head[offset] !== 0x25 || !asciiAt(head, offset, "%PDF-")) continue;
    if (!isDigit(head[offset + 5]) || head[offset + 6] !== 0x2e || !isDigit(head[offset + 7])) continue;
    if (offset === start) return certain("application/pdf");
    const before = head[offset - 1] ?? 0;
    if (before === 0x0a || before === 0x0d || before < 0x09 || before > 0x7e) {
      return { mediaType: "application/pdf", confidence: 0.9 };
    }
  }
  return undefined;
}

function certain(mediaType: string): SniffResult {
  return { mediaType, confidence: 1 };
}

function begins(head: Uint8Array, signature: readonly number[]): boolean {
  return head.length >= signature.length && signature.every((byte, index) => head[index] === byte);
}

export function asciiAt(head: Uint8Array, offset: number, text: string): boolean {
  if (head.length < offset + text.length) return false;
  for (let index = 0; index < text.length; index++) {
    if (head[offset + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Classic TIFF has version 42, BigTIFF 43 with offsets of 8 bytes. */
function isTiff(head: Uint8Array): boolean {
  return (
    begins(head, [0x49, 0x49, 42, 0]) ||
    begins(head, [0x4d, 0x4d, 0, 42]) ||
    begins(head, [0x49, 0x49, 43, 0, 8, 0, 0, 0]) ||
    begins(head, [0x4d, 0x4d, 0, 43, 0, 8, 0, 0])
  );
}

/** "BM" alone begins many texts: the header's size and the pixels' offset must make sense, too. */
function isBitmap(head: Uint8Array, sizeBytes: number): boolean {
  if (head.length < 26 || !asciiAt(head, 0, "BM")) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const pixelOffset = view.getUint32(10, true);
  const headerBytes = view.getUint32(14, true);
  return (
    [12, 16, 40, 52, 56, 64, 108, 124].includes(headerBytes) &&
    pixelOffset >= 14 + headerBytes &&
    pixelOffset <= sizeBytes
  );
}

const portableTypes: Readonly<Record<string, string>> = {
  "1": "image/x-portable-bitmap",
  "4": "image/x-portable-bitmap",
  "2": "image/x-portable-graymap",
  "5": "image/x-portable-graymap",
  "3": "image/x-portable-pixmap",
  "6": "image/x-portable-pixmap",
};

/** Netpbm P1-P6: "P", a digit, white space and a width, with comments between (netpbm(5)). */
function sniffPortableAnymap(head: Uint8Array): SniffResult | undefined {
  if (head[0] !== 0x50 || head.length < 7) return undefined;
  const text = String.fromCharCode(...head.subarray(0, 512));
  const match = /^P([1-6])(?:\s|#[^\n]*\n)+\d{1,6}(?:\s|#[^\n]*\n)+\d{1,6}\s/.exec(text);
  const mediaType = portableTypes[match?.[1] ?? ""];
  return mediaType === undefined ? undefined : certain(mediaType);
}
