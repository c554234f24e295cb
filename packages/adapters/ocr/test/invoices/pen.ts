import { PDFDocument, type PDFFont, type PDFPage, rgb, StandardFonts } from "@cantoo/pdf-lib";
import { itemAt } from "./invoice-data.ts";
import type { PageText, PageTextBlock } from "@stargate/kernel";

const WIDTH = 595;
const HEIGHT = 842;
/** Resolution the exact word boxes are stated at. */
const DPI = 200;

export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly serif?: boolean;
  readonly align?: "left" | "right" | "center";
}

/** Draws an A4 invoice and remembers where every word stands. Coordinates are points from the upper left corner. */
export interface Pen {
  text(x: number, y: number, text: string, style?: TextStyle): void;
  rule(x0: number, y: number, x1: number, thickness?: number): void;
  box(x0: number, y0: number, x1: number, y1: number, shade?: number): void;
  nextPage(): void;
}

export interface PrintedInvoice {
  readonly pdf: Uint8Array<ArrayBuffer>;
  /** What a perfect reader would say. */
  readonly pageText: PageText;
}

/** Prints with the standard fonts of PDF, the same bytes every time. */
export async function print(draw: (pen: Pen) => void): Promise<PrintedInvoice> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const fonts = {
    sans: await document.embedFont(StandardFonts.Helvetica),
    sansBold: await document.embedFont(StandardFonts.HelveticaBold),
    serif: await document.embedFont(StandardFonts.TimesRoman),
    serifBold: await document.embedFont(StandardFonts.TimesRomanBold),
  };
  const pages: { page: PDFPage; blocks: PageTextBlock[] }[] = [];
  const nextPage = (): void => {
    pages.push({ page: document.addPage([WIDTH, HEIGHT]), blocks: [] });
  };
  nextPage();
  draw({
    nextPage,
    text(x, y, text, { size = 9, bold = false, serif = false, align = "left" } = {}) {
      const font = serif ? (bold ? fonts.serifBold : fonts.serif) : bold ? fonts.sansBold : fonts.sans;
      const width = advance(text, size, font);
      const left = align === "left" ? x : align === "right" ? x - width : x - width / 2;
      const { page, blocks } = itemAt(pages, -1);
      page.drawText(text, { x: left, y: HEIGHT - y, size, font });
      blocks.push(wordBlock(text, left, y, size, font));
    },
    rule(x0, y, x1, thickness = 0.6) {
      itemAt(pages, -1).page.drawLine({ start: { x: x0, y: HEIGHT - y }, end: { x: x1, y: HEIGHT - y }, thickness });
    },
    box(x0, y0, x1, y1, shade) {
      const fill = shade === undefined ? {} : { color: rgb(shade, shade, shade) };
      itemAt(pages, -1).page.drawRectangle({
        x: x0,
        y: HEIGHT - y1,
        width: x1 - x0,
        height: y1 - y0,
        borderWidth: shade === undefined ? 0.6 : 0,
        borderColor: rgb(0, 0, 0),
        ...fill,
      });
    },
  });
  const pageText: PageText = {
    pageCount: pages.length,
    pages: pages.map(({ blocks }, at) => ({
      number: at + 1,
      widthPixels: (WIDTH * DPI) / 72,
      heightPixels: (HEIGHT * DPI) / 72,
      dpi: DPI,
      origin: "text-layer",
      rotationDegrees: 0,
      skewDegrees: 0,
      languages: [],
      blocks,
    })),
  };
  return { pdf: (await document.save()) as Uint8Array<ArrayBuffer>, pageText };
}

function wordBlock(text: string, left: number, baseline: number, size: number, font: PDFFont): PageTextBlock {
  const scale = DPI / 72;
  const top = (baseline - 0.74 * size) * scale;
  const bottom = (baseline + 0.2 * size) * scale;
  const words = [...text.matchAll(/\S+/g)].map((match) => {
    const start = left + advance(text.slice(0, match.index), size, font);
    const end = start + advance(match[0], size, font);
    return { text: match[0], box: [start * scale, top, end * scale, bottom] as const, confidence: 1 };
  });
  const box = [words[0]?.box[0] ?? 0, top, words.at(-1)?.box[2] ?? 0, bottom] as const;
  return { kind: "text", box, lines: [{ box, words }] };
}

/** Width as drawn. `widthOfTextAtSize` of the whole text would kern, which drawing does not. */
function advance(text: string, size: number, font: PDFFont): number {
  return Array.from(text).reduce((sum, character) => sum + font.widthOfTextAtSize(character, size), 0);
}
