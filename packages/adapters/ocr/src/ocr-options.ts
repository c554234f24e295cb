import { z } from "zod";

/** Options of the adapter: what the operator decides. */
export const ocrOptionsSchema = z.strictObject({
  /** Pixels a page image may have, and a PDF page may be rasterised to. */
  maxPixels: z.int().min(10_000).max(1_000_000_000).default(50_000_000),
  /** Pages read of one document. */
  maxPages: z.int().min(1).max(1_000_000).default(5000),
  /** Path of the `tesseract` binary; looked up on PATH by default. */
  tesseractPath: z.string().optional(),
  /** Folders with further `<language>.traineddata[.gz]` files for tesseract.js. */
  languageFolders: z.array(z.string()).readonly().default([]),
});

/** Options of `ocr.read`: what the caller decides. */
export const readOptionsSchema = z.strictObject({
  /** "auto" takes the native binary where it is found and knows the languages, else tesseract.js. */
  engine: z.enum(["auto", "tesseract.js", "native"]).default("auto"),
  /** Languages of the text as Tesseract names them, the main one first. */
  languages: z
    .array(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{1,31}$/, 'is not a language name such as "eng"'))
    .min(1)
    .max(8)
    .readonly()
    .default(["eng"]),
  /** "1-3,7": pages to read, counted from 1; all by default. */
  pages: z.string().max(1000).optional(),
  /** Resolution PDF pages are rasterised at for OCR, and that their boxes are stated at. */
  dpi: z.int().min(72).max(1200).default(300),
  /** "auto" uses text layers where they are good and OCR elsewhere; the others force one of the two. */
  mode: z.enum(["auto", "text-layer", "ocr"]).default("auto"),
  /** Pages worked on at once; by default as many as the machine can run in parallel. */
  concurrency: z.int().min(1).max(256).optional(),
  /** Keeps the document beside its text, so that it can be written as a searchable PDF. */
  keepSource: z.boolean().default(true),
});

export type OcrOptions = Readonly<z.infer<typeof ocrOptionsSchema>>;
export type OcrOptionsInput = Readonly<z.input<typeof ocrOptionsSchema>>;
export type ReadOptions = Readonly<z.infer<typeof readOptionsSchema>>;
