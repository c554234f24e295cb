import { z } from "zod";

/** Pixels of the page raster, origin top-left. [left, top, right, bottom]. */
const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly();

const wordSchema = z.strictObject({
  text: z.string(),
  /** Pixels at the page's `dpi`, origin top-left. PDF points = pixels * 72 / dpi. */
  box: boxSchema,
  /** 0-1; 1 for a text layer. */
  confidence: z.number().min(0).max(1),
  /** Baseline end points in pixels [x0, y0, x1, y1], if the engine knows it. */
  baseline: boxSchema.optional(),
});

const lineSchema = z.strictObject({
  box: boxSchema,
  words: z.array(wordSchema).readonly(),
  /** Height of the font in pixels, if known: headings in Markdown. */
  fontSizePixels: z.number().optional(),
});

const blockSchema = z.strictObject({
  kind: z.enum(["text", "heading", "list", "table", "caption", "other"]),
  box: boxSchema,
  lines: z.array(lineSchema).readonly(),
});

const pageSchema = z.strictObject({
  /** 1-based page of the source. */
  number: z.int().min(1),
  widthPixels: z.number().positive(),
  heightPixels: z.number().positive(),
  /** Resolution the pixel boxes are stated at. */
  dpi: z.number().positive(),
  /** Where the text came from. */
  origin: z.enum(["text-layer", "ocr", "mixed", "empty"]),
  /** Engine that read it, with version, when OCR was used. */
  engine: z.string().optional(),
  /** Clockwise quarter turn undone before reading, in degrees. Boxes are in the upright page. */
  rotationDegrees: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  /** Skew undone before reading, in degrees, clockwise positive. Boxes are in the deskewed page. */
  skewDegrees: z.number(),
  /** Languages it was read with. */
  languages: z.array(z.string()).readonly(),
  /** In reading order. */
  blocks: z.array(blockSchema).readonly(),
});

/** Text of the pages of a document: page, block, line, word, in reading order. */
export const pageTextSchema = z.strictObject({
  pages: z.array(pageSchema).readonly(),
  /** Pages of the source document, read or not. */
  pageCount: z.int().nonnegative(),
  /** The document it was read from; kept in memory only, for the searchable PDF. Left out of JSON. */
  source: z.strictObject({ blob: z.instanceof(Blob), mediaType: z.string() }).optional(),
});

export type Box = z.infer<typeof boxSchema>;
export type PageTextWord = z.infer<typeof wordSchema>;
export type PageTextLine = z.infer<typeof lineSchema>;
export type PageTextBlock = z.infer<typeof blockSchema>;
export type PageTextPage = z.infer<typeof pageSchema>;
export type PageText = z.infer<typeof pageTextSchema>;
