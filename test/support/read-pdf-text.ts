import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

/** A piece of text as pdfjs sees it: where its baseline starts in the page's own coordinates (y up, points). */
export interface PdfTextItem {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Length along the baseline. */
  readonly widthPoints: number;
  /** Direction of the baseline, counter-clockwise. */
  readonly angleDegrees: number;
}

/** Text of every page through pdfjs, the reader most people meet (Firefox, every web viewer). White space is left out. */
export async function readPdfText(bytes: Uint8Array): Promise<readonly (readonly PdfTextItem[])[]> {
  const task = getDocument({ data: new Uint8Array(bytes), useSystemFonts: false, verbosity: 0 });
  try {
    const document = await task.promise;
    const pages: PdfTextItem[][] = [];
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent({ disableNormalization: true });
      pages.push(
        items.flatMap((item) => {
          if (!("str" in item) || item.str.trim() === "") return [];
          const [a = 0, b = 0, , , x = 0, y = 0] = item.transform as number[];
          return [{ text: item.str, x, y, widthPoints: item.width, angleDegrees: (Math.atan2(b, a) * 180) / Math.PI }];
        }),
      );
    }
    return pages;
  } finally {
    await task.destroy();
  }
}
