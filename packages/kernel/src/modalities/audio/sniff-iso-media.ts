import { asciiAt } from "../media/magic.ts";
import type { AudioMediaType } from "./audio-media-types.ts";

/** Brands of pictures in the same container (HEIF, AVIF): no recordings. */
const pictures = /^(?:heic|heix|hevc|hevx|heim|heis|mif1|mif2|msf1|avif|avis|crx |jxl )$/;

/** ISO base media files (ISO/IEC 14496-12, 4.3) by their major brand; older QuickTime files begin with another box. */
export function sniffIsoMedia(head: Uint8Array): AudioMediaType | undefined {
  if (asciiAt(head, 4, "moov") || asciiAt(head, 4, "wide") || (asciiAt(head, 4, "mdat") && (head[0] ?? 1) === 0))
    return "video/quicktime";
  if (!asciiAt(head, 4, "ftyp") || head.length < 12) return undefined;
  const brand = String.fromCharCode(...head.subarray(8, 12));
  if (pictures.test(brand)) return undefined;
  if (/^M4[ABP] $/.test(brand) || /^F4[AB] $/.test(brand)) return "audio/mp4";
  if (brand === "qt  ") return "video/quicktime";
  return /^3g[egprs2]/.test(brand) ? "video/3gpp" : "video/mp4";
}
