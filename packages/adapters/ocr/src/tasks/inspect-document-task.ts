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
}

export interface InspectedDocument {
  readonly format: DocumentFormat;
  /** By content, whatever the sender said. */
  readonly mediaType: string;
  readonly pageCount: number;
}

/**
 * Opens a document as far as it takes to know its pages; nothing is decoded.
 * Throws SG_INPUT_EMPTY, SG_INPUT_UNRECOGNISED, SG_INPUT_CORRUPT and SG_INPUT_ENCRYPTED.
 */
export async function inspectDocument({ source, name, key }: InspectDocumentInput): Promise<InspectedDocument> {
  const { format, mediaType } = await detectFormat(source, name);
  return withDocument(key, source, async (document) => {
    if (format === "pdf") {
      const { pageCount } = await document.text();
      if (pageCount === 0) throw fail("SG_INPUT_CORRUPT", "The PDF has no pages");
      return { format, mediaType, pageCount };
    }
    const { pages } = await readImageInfo(await document.bytes(), 0);
    return { format, mediaType, pageCount: pages };
  });
}
