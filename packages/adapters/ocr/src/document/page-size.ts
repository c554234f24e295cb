import type { PixelSize } from "../image/gray-image.ts";
import { fail } from "../ocr-errors.ts";

/** Below this resolution ordinary print cannot be read. */
const MIN_DPI = 100;

/**
 * Resolution a PDF page is rasterised at: the one asked for, or the highest that keeps within `maxPixels`.
 * Throws SG_INPUT_TOO_LARGE for a page that would have to go below 100 dpi.
 */
export function rasterDpi(
  page: { readonly widthPoints: number; readonly heightPoints: number },
  wantedDpi: number,
  maxPixels: number,
): number {
  const squareInches = (page.widthPoints / 72) * (page.heightPoints / 72);
  const affordable = Math.floor(Math.sqrt(maxPixels / squareInches));
  if (affordable >= wantedDpi) return wantedDpi;
  if (affordable < MIN_DPI) {
    const centimetres = (points: number): number => Math.round((points / 72) * 2.54);
    throw fail(
      "SG_INPUT_TOO_LARGE",
      `A page of ${centimetres(page.widthPoints)} x ${centimetres(page.heightPoints)} cm has more than ${maxPixels} pixels even at ${MIN_DPI} dpi`,
      { hint: "Send the page in a smaller format, or raise the adapter's maxPixels." },
    );
  }
  return affordable;
}

const commonDpis = [72, 96, 150, 200, 300, 400, 600, 1200];

/** Paper between a business card and a poster, in inches along its longer side. */
const PLAUSIBLE_INCHES = [2, 25] as const;

/**
 * Resolution of a page image: what the file states if that gives paper of a plausible size, else the usual resolution
 * that brings it closest to a letter or A4 page.
 */
export function imageDpi(size: PixelSize, stated: number | undefined): number {
  const longer = Math.max(size.widthPixels, size.heightPixels);
  if (
    stated !== undefined &&
    stated > 0 &&
    longer / stated >= PLAUSIBLE_INCHES[0] &&
    longer / stated <= PLAUSIBLE_INCHES[1]
  )
    return stated;
  const distance = (dpi: number): number => Math.abs(Math.log(longer / 11.3 / dpi));
  return commonDpis.reduce((best, dpi) => (distance(dpi) < distance(best) ? dpi : best));
}
