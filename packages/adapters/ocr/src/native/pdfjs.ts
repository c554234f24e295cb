import { dirname, join, sep } from "node:path";
import { createRequire } from "node:module";
import type { TextItem, TextStyle } from "pdfjs-dist/types/src/display/api.js";
import { fail } from "../ocr-errors.ts";
import { lazyPackage } from "./load-package.ts";

/** A run of text as the PDF draws it. Lengths in points of the page as it is displayed, origin top-left. */
export interface PdfTextRun {
  readonly text: string;
  /** Left end of the base line. */
  readonly x: number;
  readonly y: number;
  /** Clockwise angle of the base line on the displayed page, in degrees. */
  readonly angleDegrees: number;
  /** Length along the base line. */
  readonly widthPoints: number;
  readonly fontSizePoints: number;
  /** Share of the font size above and below the base line. */
  readonly ascent: number;
  readonly descent: number;
  readonly isVertical: boolean;
  /** Whether the PDF says that a line ends here. */
  readonly endsLine: boolean;
}

export interface PdfTextPage {
  /** Size of the page as it is displayed, /Rotate and /UserUnit applied. */
  readonly widthPoints: number;
  readonly heightPoints: number;
  readonly runs: readonly PdfTextRun[];
}

/** A PDF opened for its text layer. Pages are 0-based. */
export interface PdfText {
  readonly pageCount: number;
  readPage(page: number): Promise<PdfTextPage>;
  close(): Promise<void>;
}

const load = lazyPackage("pdfjs-dist", async () => {
  // The legacy build is the one made for Node: the modern one expects browser-only functions.
  const library = await import("pdfjs-dist/legacy/build/pdf.mjs");
  const root = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));
  const folder = (name: string): string => join(root, name) + sep;
  return { library, cMapUrl: folder("cmaps"), standardFontDataUrl: folder("standard_fonts"), wasmUrl: folder("wasm") };
});

/** Opens a PDF. `bytes` are taken over. Throws SG_INPUT_ENCRYPTED and SG_INPUT_CORRUPT. */
export async function openPdfText(bytes: Uint8Array<ArrayBuffer>): Promise<PdfText> {
  const { library, ...folders } = await load();
  const task = library.getDocument({
    ...folders,
    data: bytes,
    verbosity: library.VerbosityLevel.ERRORS,
    disableFontFace: true,
    useSystemFonts: false,
    enableXfa: false,
  });
  const document = await task.promise.catch(async (error: unknown) => {
    await task.destroy();
    throw openError(error);
  });
  return {
    pageCount: document.numPages,
    async readPage(index) {
      const page = await document.getPage(index + 1).catch((error: unknown) => {
        throw pageError(index, error);
      });
      try {
        const viewport = page.getViewport({ scale: 1 });
        const content = await page.getTextContent({ includeMarkedContent: false });
        const runs = content.items
          .filter((item): item is TextItem => "str" in item)
          .map((item) => toRun(item, content.styles[item.fontName], viewport.transform as unknown as Matrix));
        const annotations = (await page.getAnnotations()) as readonly FormField[]; // pdfjs types them as any[]
        const fields = annotations.flatMap((annotation) =>
          fieldRuns(annotation, viewport.transform as unknown as Matrix),
        );
        return { widthPoints: viewport.width, heightPoints: viewport.height, runs: [...runs, ...fields] };
      } catch (error) {
        throw pageError(index, error);
      } finally {
        page.cleanup();
      }
    },
    async close() {
      await task.destroy();
    },
  };
}

/** Version of the library, for `stargate doctor`. */
export async function pdfjsVersion(): Promise<string> {
  return (await load()).library.version;
}

type Matrix = readonly [number, number, number, number, number, number];

function toRun(item: TextItem, style: TextStyle | undefined, viewport: Matrix): PdfTextRun {
  const [a, b, c, d, e, f] = multiply(viewport, item.transform as unknown as Matrix); // pdfjs types matrices as any[]
  const fontSizePoints = Math.hypot(c, d);
  const ascent = style?.ascent;
  const descent = style?.descent;
  return {
    text: item.str,
    x: e,
    y: f,
    angleDegrees: (Math.atan2(b, a) * 180) / Math.PI,
    widthPoints: item.width * Math.hypot(viewport[0], viewport[1]), // more than 1 under /UserUnit
    fontSizePoints,
    // Fonts without metrics say 0 or NaN; these are the usual Latin ones.
    ascent: ascent !== undefined && ascent > 0.3 && ascent < 1.5 ? ascent : 0.8,
    descent: descent !== undefined && descent < 0 && descent > -1 ? -descent : 0.2,
    isVertical: style?.vertical === true,
    endsLine: item.hasEOL,
  };
}

/** What is read of a form field; its value is shown on the page but is not in the page's content. */
interface FormField {
  readonly subtype?: string;
  readonly fieldType?: string;
  readonly fieldValue?: unknown;
  readonly hidden?: boolean;
  readonly rect?: readonly number[];
  readonly defaultAppearanceData?: { readonly fontSize?: number };
}

const FIELD_FONT_SIZE = 11;

/** Text and choice fields that are filled in, line by line from the top of their rectangle. */
function fieldRuns(field: FormField, viewport: Matrix): readonly PdfTextRun[] {
  const { fieldValue, rect } = field;
  if (field.subtype !== "Widget" || field.hidden === true || !["Tx", "Ch"].includes(field.fieldType ?? "")) return [];
  const lines = (Array.isArray(fieldValue) ? fieldValue : [fieldValue])
    .filter((value) => typeof value === "string")
    .flatMap((value) => value.split(/\r\n?|\n/));
  const [left = 0, bottom = 0, right = 0, top = 0] = rect ?? [];
  const stated = field.defaultAppearanceData?.fontSize;
  const size = Math.min(stated === undefined || stated <= 0 ? FIELD_FONT_SIZE : stated, (top - bottom) * 0.9);
  const first = lines.length === 1 ? (top + bottom) / 2 - size * 0.3 : top - size;
  return lines.flatMap((text, index) => {
    if (text.trim() === "" || size <= 0) return [];
    const [a, b, , , x, y] = multiply(viewport, [size, 0, 0, size, left + 2, first - index * size * 1.15]);
    const widthPoints = Math.min(right - left - 2, text.length * size * 0.5);
    const angleDegrees = (Math.atan2(b, a) * 180) / Math.PI;
    return [
      {
        text,
        x,
        y,
        angleDegrees,
        widthPoints,
        fontSizePoints: size,
        ascent: 0.8,
        descent: 0.2,
        isVertical: false,
        endsLine: true,
      },
    ];
  });
}

function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

function openError(error: unknown): Error {
  const name = error instanceof Error ? error.name : "";
  if (name === "PasswordException") {
    return fail("SG_INPUT_ENCRYPTED", "The PDF is encrypted and needs a password", { cause: error });
  }
  return fail("SG_INPUT_CORRUPT", `The PDF cannot be opened: ${messageOf(error)}`, { cause: error });
}

function pageError(index: number, error: unknown): Error {
  return fail("SG_INPUT_CORRUPT", `The text of page ${index + 1} cannot be read: ${messageOf(error)}`, {
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
