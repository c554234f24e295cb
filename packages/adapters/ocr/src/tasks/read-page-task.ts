import type { PageTextPage, TaskContext } from "@stargate/kernel";
import type { DocumentFormat } from "../document/document-format.ts";
import { withDocument } from "../document/open-documents.ts";
import { packPage, type PackedPage } from "../document/packed-page.ts";
import type { EngineSettings } from "../native/ocr-engine.ts";
import type { ReadOptions } from "../ocr-options.ts";
import { readImagePage } from "./read-image-page.ts";
import { readPdfPage } from "./read-pdf-page.ts";

/** One page to be read; structured-cloneable. */
export interface ReadPageInput {
  readonly source: Blob;
  readonly key: string;
  readonly format: DocumentFormat;
  /** 1-based. */
  readonly number: number;
  readonly options: Pick<ReadOptions, "engine" | "languages" | "dpi" | "mode">;
  readonly maxPixels: number;
  readonly engines: EngineSettings;
}

export interface ReadPage {
  readonly page: PageTextPage;
  /** Set when the page was too large for the resolution asked for. */
  readonly reducedToDpi?: number | undefined;
}

/** What crosses back to the caller. */
export interface ReadPageOutput extends Omit<ReadPage, "page"> {
  readonly page: PackedPage;
}

/**
 * Reads one page, whatever it is: its text layer, its picture, or both.
 * Throws the codes of the input (SG_INPUT_*), of the engines (SG_OCR_*) and SG_RUN_CANCELLED.
 */
export async function readPage(input: ReadPageInput, context: TaskContext): Promise<ReadPageOutput> {
  const read = await withDocument(input.key, input.source, (document) =>
    input.format === "pdf"
      ? readPdfPage(document, input, context.signal)
      : readImagePage(document, input, context.signal),
  );
  return { ...read, page: packPage(read.page) };
}
