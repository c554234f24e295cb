import { type Codec, type CodecContext, type CodecContribution, defineTask, type PageText } from "@stargate/kernel";
import { fail } from "../ocr-errors.ts";
import type { SearchablePdfInput } from "./searchable-pdf-task.ts";

const task = defineTask<SearchablePdfInput, Uint8Array<ArrayBuffer>>({
  base: import.meta.url,
  module: "./searchable-pdf-task",
  export: "makeSearchablePdf",
});

/**
 * The document a page-text was read from, with the text laid invisibly under what is shown. Runs offloaded.
 * Throws SG_OUTPUT_NOT_ACCEPTABLE when the value came without its document.
 */
export async function encodeSearchablePdf(
  value: PageText,
  context: Pick<CodecContext, "offload" | "signal">,
): Promise<Uint8Array<ArrayBuffer>> {
  if (value.source === undefined) {
    throw fail("SG_OUTPUT_NOT_ACCEPTABLE", "This page-text came without its document, which a searchable PDF shows", {
      hint: "Read the document in the same run, with keepSource left on, or ask for another encoding.",
    });
  }
  const { blob, mediaType } = value.source;
  return context.offload(task, { source: blob, mediaType, pages: value.pages }, { signal: context.signal });
}

const codec: Codec<PageText> = { encode: encodeSearchablePdf };

/** page-text as a searchable PDF: goes into the `codecs` of the adapter. */
export const searchablePdfCodec: CodecContribution<PageText> = {
  modality: "page-text",
  mediaType: "application/pdf",
  codec,
};
