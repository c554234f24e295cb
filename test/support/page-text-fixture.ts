import type { PageText, PageTextBlock, PageTextPage } from "@stargate/kernel";

/** Width of a character and height of a line in the fixtures, in pixels. */
const characterPixels = 10;
const linePixels = 20;

/** A block with one line per string; words are placed on a grid of fixed-width characters, so columns line up. */
export function textBlock(
  kind: PageTextBlock["kind"],
  lines: readonly string[],
  place: { left?: number; top?: number; fontSizePixels?: number } = {},
): PageTextBlock {
  const { left = 100, top = 100, fontSizePixels } = place;
  const built = lines.map((text, row) => {
    const lineTop = top + row * linePixels * 1.5;
    const words = [...text.matchAll(/\S+/g)].map((match) => {
      const wordLeft = left + match.index * characterPixels;
      return {
        text: match[0],
        box: [wordLeft, lineTop, wordLeft + match[0].length * characterPixels, lineTop + linePixels] as const,
        confidence: 0.9,
      };
    });
    return {
      box: [left, lineTop, left + text.length * characterPixels, lineTop + linePixels] as const,
      words,
      ...(fontSizePixels === undefined ? {} : { fontSizePixels }),
    };
  });
  const right = Math.max(left, ...built.map((line) => line.box[2]));
  return { kind, box: [left, top, right, built.at(-1)?.box[3] ?? top], lines: built };
}

/** A page of 1000 x 1400 pixels at 120 dpi. */
export function textPage(blocks: readonly PageTextBlock[], page: Partial<PageTextPage> = {}): PageTextPage {
  return {
    number: 1,
    widthPixels: 1000,
    heightPixels: 1400,
    dpi: 120,
    origin: "ocr",
    engine: "tesseract 5.3.0",
    rotationDegrees: 0,
    skewDegrees: 0,
    languages: ["eng"],
    blocks,
    ...page,
  };
}

/** Pages as a whole document. */
export function textPages(...pages: readonly PageTextPage[]): PageText {
  return { pages, pageCount: pages.length };
}
