import { PDFDocument, StandardFonts, type PDFFont } from "@cantoo/pdf-lib";
import { prose } from "./prose.ts";
import { seededRandom } from "./seeded-random.ts";

export interface PrintedPages {
  /** A4, born digital. */
  readonly pdf: Uint8Array<ArrayBuffer>;
  /** What is on each page, line by line. */
  readonly texts: readonly string[];
}

/** A4 in PDF points. */
const pageWidthPoints = 595;
const pageHeightPoints = 842;
const marginPoints = 64;
const charactersPerPage = 2200;
const fonts = [StandardFonts.Helvetica, StandardFonts.TimesRoman, StandardFonts.Courier] as const;

/** Prints pages of prose, one column, in fonts of 10 to 12 points: about 2,200 characters each. */
export async function printPages(pages: number, seed: number): Promise<PrintedPages> {
  const random = seededRandom(seed);
  const document = await PDFDocument.create({ updateMetadata: false });
  const embedded = await Promise.all(fonts.map((font) => document.embedFont(font)));
  const texts: string[] = [];
  for (let index = 0; index < pages; index++) {
    const font = embedded[index % embedded.length] ?? (await document.embedFont(fonts[0]));
    const size = index % fonts.length === 2 ? 10 : 11 + (index % 2);
    const lines = breakLines(prose(random, charactersPerPage), font, size);
    const page = document.addPage([pageWidthPoints, pageHeightPoints]);
    const spacing = size * 1.35;
    const printed = lines.slice(0, Math.floor((pageHeightPoints - 2 * marginPoints) / spacing));
    for (const [line, text] of printed.entries())
      page.drawText(text, { x: marginPoints, y: pageHeightPoints - marginPoints - size - line * spacing, size, font });
    texts.push(printed.join("\n"));
  }
  return { pdf: (await document.save()) as Uint8Array<ArrayBuffer>, texts }; // save() makes a buffer of its own
}

function breakLines(text: string, font: PDFFont, size: number): readonly string[] {
  const width = pageWidthPoints - 2 * marginPoints;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (font.widthOfTextAtSize(longer, size) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
