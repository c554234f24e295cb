import { deflateSync } from "node:zlib";
import { isStargateError } from "@stargate/kernel";
import type * as PdfLib from "@cantoo/pdf-lib";
import type { PDFDict, PDFDocument, PDFPage, PDFRef } from "@cantoo/pdf-lib";
import { fail } from "../ocr-errors.ts";
import { lazyPackage } from "./load-package.ts";

/** The visible part of a page in its own coordinates (y up), and how far a viewer turns it. */
export interface PdfPageFrame {
  /** [left, bottom, right, top] of the crop box. */
  readonly cropBox: readonly [number, number, number, number];
  /** Clockwise, as `/Rotate` says. */
  readonly rotationDegrees: 0 | 90 | 180 | 270;
}

/** A font as PDF wants it for text that is found but not drawn: see `glyphless-font.ts`. */
export interface InvisibleFont {
  readonly fileBytes: Uint8Array;
  /** CMap program from codes to Unicode. */
  readonly toUnicode: string;
  /** Highest two-byte code in use. */
  readonly lastCode: number;
  /** Advance of every glyph, ascent and descent in thousandths of the font size. */
  readonly widthThousandths: number;
  readonly ascentThousandths: number;
  readonly descentThousandths: number;
}

/** What an image page shows: a JPEG file as it is, or 8-bit grey (1) or RGB (3) rows, each behind its PNG filter byte. */
export type PageImage =
  | { readonly kind: "jpeg"; readonly bytes: Uint8Array }
  | {
      readonly kind: "pixels";
      readonly filteredRows: Uint8Array;
      readonly widthPixels: number;
      readonly heightPixels: number;
      readonly channels: 1 | 3;
    };

export interface ImagePage {
  readonly image: PageImage;
  readonly widthPoints: number;
  readonly heightPoints: number;
  /** PDF matrix from the unit square (y up) that an image fills to the page. */
  readonly matrix: readonly [number, number, number, number, number, number];
}

/** A PDF being extended. What is there already stays as it is, byte by byte. */
export interface EditablePdf {
  frames(): readonly PdfPageFrame[];
  addImagePage(page: ImagePage): Promise<void>;
  /**
   * Puts content streams before those of their pages, where no operator of the page can disturb them, and their font
   * into the pages' resources. `write` gets the font's resource name.
   */
  prependText(
    font: InvisibleFont,
    contents: readonly { readonly pageIndex: number; readonly write: (fontName: string) => string }[],
  ): void;
  save(): Promise<Uint8Array<ArrayBuffer>>;
}

type Library = typeof PdfLib;

const load = lazyPackage("@cantoo/pdf-lib", () => import("@cantoo/pdf-lib"));

/** Name tried first in a page's font resources; a number is appended while it is taken. */
const FONT_NAME = "StargateGlyphless";

/**
 * Opens a PDF so that everything new is appended to its bytes (incremental update, ISO 32000-1 7.5.6).
 * Throws SG_INPUT_ENCRYPTED and SG_INPUT_CORRUPT.
 */
export async function openPdf(bytes: Uint8Array): Promise<EditablePdf> {
  const library = await load();
  return translated(async () => {
    const document = await library.PDFDocument.load(bytes, {
      updateMetadata: false,
      forIncrementalUpdate: true,
      parseSpeed: library.ParseSpeeds.Fastest,
    });
    return editable(library, document, document.getPages());
  });
}

/** A PDF without pages. */
export async function createPdf(): Promise<EditablePdf> {
  const library = await load();
  return editable(library, await library.PDFDocument.create({ updateMetadata: false }), []);
}

function editable(library: Library, document: PDFDocument, pages: PDFPage[]): EditablePdf {
  return {
    frames: () => pages.map(pageFrame),
    addImagePage: ({ image, widthPoints, heightPoints, matrix }) =>
      translated(async () => {
        const page = document.addPage([widthPoints, heightPoints]);
        const name = page.node.newXObject("Image", await imageReference(document, image));
        const content = document.context.flateStream(`q ${matrix.join(" ")} cm ${name.toString()} Do Q`);
        page.node.set(library.PDFName.of("Contents"), document.context.register(content));
        pages.push(page);
      }),
    prependText(font, contents) {
      if (contents.length === 0) return;
      const reference = registerFont(library, document, font);
      for (const { pageIndex, write } of contents) {
        const page = pages[pageIndex];
        if (page === undefined)
          throw fail("SG_INPUT_INVALID", `The text names page ${pageIndex + 1}; the document has ${pages.length}`);
        const name = addFontResource(library, page, reference);
        const stream = document.context.register(document.context.flateStream(write(name)));
        page.node.set(library.PDFName.of("Contents"), prepended(library, page, stream));
      }
    },
    save: () =>
      translated(async () => {
        const details = document.context.pdfFileDetails;
        const bytes = await document.save({
          // A file whose cross-reference table had to be searched for has nothing to append to.
          rewrite: details.prevStartXRef === 0,
          // Readers follow a chain of tables or of streams; some stumble over a mixed one.
          useObjectStreams: details.useObjectStreams,
          addDefaultPage: false,
          updateFieldAppearances: false,
        });
        return bytes as Uint8Array<ArrayBuffer>; // allocated by pdf-lib, never shared
      }),
  };
}

function pageFrame(page: PDFPage): PdfPageFrame {
  const { x, y, width, height } = page.getCropBox();
  const turns = (((Math.round(page.getRotation().angle / 90) % 4) + 4) % 4) as 0 | 1 | 2 | 3;
  return { cropBox: [x, y, x + width, y + height], rotationDegrees: ([0, 90, 180, 270] as const)[turns] };
}

async function imageReference(document: PDFDocument, image: PageImage): Promise<PDFRef> {
  if (image.kind === "jpeg") {
    const embedded = await document.embedJpg(image.bytes);
    return embedded.ref;
  }
  const { context } = document;
  const stream = context.stream(deflateSync(image.filteredRows), {
    Type: "XObject",
    Subtype: "Image",
    Width: image.widthPixels,
    Height: image.heightPixels,
    ColorSpace: image.channels === 1 ? "DeviceGray" : "DeviceRGB",
    BitsPerComponent: 8,
    Filter: "FlateDecode",
    DecodeParms: { Predictor: 15, Colors: image.channels, BitsPerComponent: 8, Columns: image.widthPixels },
  });
  return context.register(stream);
}

/** A composite font (ISO 32000-1 9.7) with every code on the same empty glyph. */
function registerFont(library: Library, document: PDFDocument, font: InvisibleFont): PDFRef {
  const { context } = document;
  const { ascentThousandths: Ascent, descentThousandths: Descent, widthThousandths } = font;
  const glyphOfCode = new Uint8Array(2 * (font.lastCode + 1)).map((_, at) => at & 1);
  const descriptor = context.obj({
    Type: "FontDescriptor",
    FontName: FONT_NAME,
    Flags: 5, // fixed pitch, symbolic
    FontBBox: [0, Descent, widthThousandths, Ascent],
    ItalicAngle: 0,
    Ascent,
    Descent,
    CapHeight: Ascent,
    StemV: 80,
    FontFile2: context.register(context.flateStream(font.fileBytes, { Length1: font.fileBytes.length })),
  });
  const descendant = context.obj({
    Type: "Font",
    Subtype: "CIDFontType2",
    BaseFont: FONT_NAME,
    CIDSystemInfo: {
      Registry: library.PDFString.of("Adobe"),
      Ordering: library.PDFString.of("Identity"),
      Supplement: 0,
    },
    CIDToGIDMap: context.register(context.flateStream(glyphOfCode)),
    DW: widthThousandths,
    FontDescriptor: context.register(descriptor),
  });
  return context.register(
    context.obj({
      Type: "Font",
      Subtype: "Type0",
      BaseFont: FONT_NAME,
      Encoding: "Identity-H",
      DescendantFonts: [context.register(descendant)],
      ToUnicode: context.register(context.flateStream(font.toUnicode)),
    }),
  );
}

/** Gives the page resources of its own: what it inherits or shares must not change for other pages. */
function addFontResource({ PDFName, PDFDict: Dict }: Library, page: PDFPage, font: PDFRef): string {
  const { context } = page.doc;
  const resources = page.node.Resources()?.clone() ?? context.obj({});
  const shared = resources.lookup(PDFName.of("Font"));
  const fonts: PDFDict = shared instanceof Dict ? shared.clone() : context.obj({});
  const names = [FONT_NAME, ...Array.from({ length: fonts.keys().length }, (_, at) => `${FONT_NAME}${at + 2}`)];
  const name = names.find((candidate) => !fonts.has(PDFName.of(candidate))) ?? FONT_NAME;
  fonts.set(PDFName.of(name), font);
  resources.set(PDFName.of("Font"), fonts);
  page.node.set(PDFName.of("Resources"), resources);
  return name;
}

function prepended({ PDFName, PDFArray: List }: Library, page: PDFPage, stream: PDFRef) {
  const contents = page.node.get(PDFName.of("Contents"));
  const existing = page.node.Contents();
  if (contents === undefined || existing === undefined) return page.doc.context.obj([stream]);
  return page.doc.context.obj([stream, ...(existing instanceof List ? existing.asArray() : [contents])]);
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isStargateError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (/encrypted/i.test(reason))
      throw fail("SG_INPUT_ENCRYPTED", "The PDF is encrypted: no text layer can be added to it", { cause });
    throw fail("SG_INPUT_CORRUPT", `The PDF cannot be extended: ${reason.split("\n")[0]}`, { cause });
  }
}
