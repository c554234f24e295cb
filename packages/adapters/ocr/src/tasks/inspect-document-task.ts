import { type DocumentFormat, detectFormat } from "../document/document-format.ts";
import { withDocument } from "../document/open-documents.ts";
import { readImageInfo } from "../native/sharp.ts";
import { fail } from "../ocr-errors.ts";

/** A document to be opened; structured-cloneable. */
export interface InspectDocumentInput {
  readonly source: Blob;
  readonly name?: string | undefined;
  /** Key under which this run shares the opened document. */
  readonly key: string;
  readonly maxPixels: number;
}

export interface InspectedDocument {
  readonly format: DocumentFormat;
  /** By content, whatever the sender said. */
  readonly mediaType: string;
  readonly pageCount: number;
}

/**
 * Opens a document as far as it takes to know its pages, and refuses what cannot be read before anything is decoded.
 * Throws SG_INPUT_EMPTY, SG_INPUT_UNRECOGNISED, SG_INPUT_CORRUPT, SG_INPUT_ENCRYPTED and SG_INPUT_TOO_LARGE.
 */
export async function inspectDocument({ source, name, key, maxPixels }: InspectDocumentInput): Promise<InspectedDocument> {
  const { format, mediaType } = await detectFormat(source, name);
  return withDocument(key, source, async (document) => {
    if (format === "pdf") {
      const { pageCount } = await document.text();
      if (pageCount === 0) throw fail("SG_INPUT_CORRUPT", "The PDF has no pages");
      return { format, mediaType, pageCount };
    }
    const info = await readImageInfo(await document.bytes(), 0);
    if (info.pages === 1) checkPixels(info, maxPixels);
    return { format, mediaType, pageCount: info.pages };
  });
}

/** Refuses an image by its header. Throws SG_INPUT_TOO_LARGE. */
export function checkPixels(size: { readonly widthPixels: number; readonly heightPixels: number }, maxPixels: number): void {
  const pixels = size.widthPixels * size.heightPixels;
  if (pixels <= maxPixels) return;
  throw fail("SG_INPUT_TOO_LARGE", `The image has ${size.widthPixels} x ${size.heightPixels} = ${pixels} pixels, more than ${maxPixels}`, {
    hint: "Send it in a lower resolution, or raise the adapter's maxPixels.",
  });
}
