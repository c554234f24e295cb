import type { PageTextPage } from "@stargate/kernel";
import type { PdfPageFrame } from "../native/pdf-lib.ts";

/** Maps a pixel of the upright, deskewed page to the coordinates of the PDF page. */
export type PixelToPage = (x: number, y: number) => readonly [x: number, y: number];

/**
 * Undoes what the reader did to a page. Reading turned the shown page about its centre, by a quarter turn and by the
 * skew, so the way back is one turn about the centres by: rotation + skew - the page's own /Rotate. Centres are used
 * because a turn may have made the raster larger. Pixels have y down, PDF has y up.
 */
export function pixelToPage(page: PageTextPage, frame: PdfPageFrame): PixelToPage {
  const [left, bottom, right, top] = frame.cropBox;
  const scale = 72 / page.dpi;
  const radians = ((page.rotationDegrees + page.skewDegrees - frame.rotationDegrees) * Math.PI) / 180;
  const cosine = scale * Math.cos(radians);
  const sine = scale * Math.sin(radians);
  return (x, y) => {
    const fromCentreX = x - page.widthPixels / 2;
    const fromCentreY = y - page.heightPixels / 2;
    return [
      (left + right) / 2 + fromCentreX * cosine - fromCentreY * sine,
      (bottom + top) / 2 - (fromCentreX * sine + fromCentreY * cosine),
    ];
  };
}
