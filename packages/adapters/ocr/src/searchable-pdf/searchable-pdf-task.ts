import type { PageTextPage, TaskContext } from "@stargate/kernel";
import { createPdf, type EditablePdf, openPdf } from "../native/pdf-lib.ts";
import { fail } from "../ocr-errors.ts";
import { GlyphCodes } from "./glyph-codes.ts";
import { glyphlessFontFile, glyphMetrics } from "./glyphless-font.ts";
import { addImagePages } from "./image-pages.ts";
import { pixelToPage } from "./page-placement.ts";
import { textLayer } from "./text-layer.ts";

/** A document and what was read from it. Structured-cloneable. */
export interface SearchablePdfInput {
  readonly source: Blob;
  readonly mediaType: string;
  readonly pages: readonly PageTextPage[];
}

/**
 * Writes the text of a document invisibly into it: a PDF keeps every byte and gets an appended update, images become
 * pages. Throws SG_INPUT_ENCRYPTED, SG_INPUT_CORRUPT, SG_INPUT_INVALID and SG_RUN_CANCELLED.
 */
export async function makeSearchablePdf(
  input: SearchablePdfInput,
  context: TaskContext,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await input.source.bytes();
  const isPdf = input.mediaType === "application/pdf";
  const pdf = isPdf ? await openPdf(bytes) : await createPdf();
  const placed = isPdf
    ? input.pages.map((page) => ({ page, pageIndex: page.number - 1 }))
    : await addImagePages(pdf, bytes, input, context);
  addTextLayers(pdf, placed, context);
  return pdf.save();
}

function addTextLayers(
  pdf: EditablePdf,
  placed: readonly { readonly page: PageTextPage; readonly pageIndex: number }[],
  context: TaskContext,
): void {
  const codes = new GlyphCodes();
  const frames = pdf.frames();
  const layers = placed.flatMap(({ page, pageIndex }) => {
    if (context.signal.aborted) throw fail("SG_RUN_CANCELLED", "Writing the searchable PDF was cancelled");
    const frame = frames[pageIndex];
    if (frame === undefined)
      throw fail("SG_INPUT_INVALID", `The text names page ${page.number}; the document has ${frames.length}`);
    const write = textLayer(page, pixelToPage(page, frame), codes);
    return write === undefined ? [] : [{ pageIndex, write }];
  });
  // Only now the codes of all pages are known, which the font has to list.
  pdf.prependText(
    { ...glyphMetrics, fileBytes: glyphlessFontFile(), toUnicode: codes.toUnicode(), lastCode: codes.lastCode },
    layers,
  );
}
