import { PDFiumLibrary } from "@hyzyla/pdfium";
import sharp from "sharp";
import { seededRandom } from "./seeded-random.ts";

/** One grey raster, 8 bits per pixel. */
export interface Raster {
  readonly data: Uint8Array;
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly dpi: number;
}

export interface ScannerSettings {
  readonly dpi: number;
  readonly skewDegrees: number;
  /** Standard deviation of the noise, in grey levels of 255. */
  readonly noise: number;
  /** Radius (standard deviation) of the blur of its lens, in pixels; 0 for none. */
  readonly blurPixels?: number;
  readonly seed: number;
}

/** A good flatbed, and a tired office scanner. */
export const goodScanner = { dpi: 300, skewDegrees: 0, noise: 6 } as const;
export const tiredScanner = { dpi: 200, skewDegrees: 0.4, noise: 33, blurPixels: 0.8 } as const;

/** Prints a PDF and scans it: every page as a raster. */
export async function scanPages(pdf: Uint8Array, settings: ScannerSettings): Promise<readonly Raster[]> {
  const random = seededRandom(settings.seed);
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(pdf);
  try {
    const rasters: Raster[] = [];
    for (const page of document.pages()) {
      const { data, width, height } = await page.render({ scale: settings.dpi / 72, render: "bitmap" });
      const sign = rasters.length % 2 === 0 ? 1 : -1;
      const upright = sharp(data, { raw: { width, height, channels: 4 } })
        .flatten({ background: "white" })
        .greyscale();
      const soft = settings.blurPixels === undefined ? upright : upright.blur(settings.blurPixels);
      const turned = await soft
        .rotate(sign * settings.skewDegrees, { background: "white" })
        .extractChannel(0)
        .raw()
        .toBuffer({ resolveWithObject: true });
      const noisy = turned.data.map((level) =>
        Math.max(0, Math.min(255, level * 0.95 + 8 + settings.noise * normal(random))),
      );
      rasters.push({
        data: noisy,
        widthPixels: turned.info.width,
        heightPixels: turned.info.height,
        dpi: settings.dpi,
      });
    }
    return rasters;
  } finally {
    document.destroy();
    library.destroy();
  }
}

/** A raster as a PNG that says its resolution. */
export function toPng({ data, widthPixels, heightPixels, dpi }: Raster): Promise<Buffer> {
  return sharp(data, { raw: { width: widthPixels, height: heightPixels, channels: 1 } })
    .withMetadata({ density: dpi })
    .png({ compressionLevel: 3 })
    .toBuffer();
}

/** Box-Muller: a number of the standard normal distribution. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}
