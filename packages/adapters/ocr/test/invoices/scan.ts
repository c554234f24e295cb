import { PDFDocument } from "@cantoo/pdf-lib";
import sharp from "sharp";
import { openPdfRaster } from "../../src/native/pdfium.ts";
import { createRandom } from "./invoice-data.ts";

export interface ScanSettings {
  readonly seed: number;
  readonly dpi: number;
  /** Largest skew either way. */
  readonly maxSkewDegrees: number;
  /** Standard deviation of the noise, in grey levels of 255. */
  readonly noise: number;
}

/** What a middling office scanner makes of a page: a little askew, soft, grainy, JPEG. */
export const officeScan: Omit<ScanSettings, "seed"> = { dpi: 200, maxSkewDegrees: 1.2, noise: 14 };

/** Prints a PDF and scans it again: the same pages as pictures only. */
export async function scan(pdf: Uint8Array, settings: ScanSettings): Promise<Uint8Array<ArrayBuffer>> {
  return (await scanWithSkews(pdf, settings)).pdf;
}

/** The same, telling how far each page was turned, clockwise about its centre. */
export async function scanWithSkews(
  pdf: Uint8Array,
  settings: ScanSettings,
): Promise<{ readonly pdf: Uint8Array<ArrayBuffer>; readonly skewDegrees: readonly number[] }> {
  const skewDegrees: number[] = [];
  const random = createRandom(settings.seed);
  const source = await PDFDocument.load(pdf);
  const target = await PDFDocument.create({ updateMetadata: false });
  const raster = await openPdfRaster(pdf);
  try {
    for (const [index, page] of source.getPages().entries()) {
      const { width, height } = page.getSize();
      const size = [Math.round((width * settings.dpi) / 72), Math.round((height * settings.dpi) / 72)] as const;
      const image = raster.renderGray(index, ...size);
      const skew = (random.next() * 2 - 1) * settings.maxSkewDegrees;
      skewDegrees.push(skew);
      const turned = await sharp(image.data, {
        raw: { width: image.widthPixels, height: image.heightPixels, channels: 1 },
      })
        .rotate(skew, { background: "white" })
        .blur(0.5)
        .extractChannel(0)
        .raw()
        .toBuffer({ resolveWithObject: true });
      const left = Math.floor((turned.info.width - size[0]) / 2);
      const top = Math.floor((turned.info.height - size[1]) / 2);
      const noisy = turned.data.map((value) =>
        Math.max(0, Math.min(255, value * 0.94 + 8 + settings.noise * gauss(random.next(), random.next()))),
      );
      const jpeg = await sharp(noisy, { raw: { width: turned.info.width, height: turned.info.height, channels: 1 } })
        .extract({ left, top, width: size[0], height: size[1] })
        .jpeg({ quality: 75 })
        .toBuffer();
      target.addPage([width, height]).drawImage(await target.embedJpg(jpeg), { x: 0, y: 0, width, height });
    }
  } finally {
    raster.close();
  }
  return { pdf: (await target.save()) as Uint8Array<ArrayBuffer>, skewDegrees };
}

/** Box-Muller: two uniform numbers to one of the normal distribution. */
function gauss(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(first + 1e-12)) * Math.cos(2 * Math.PI * second);
}
