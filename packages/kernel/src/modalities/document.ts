import { defineModality } from "../define/define-modality.ts";
import { encodedMediaSchema } from "./media-values.ts";
import { knownImageHeader } from "./media/image-header.ts";
import { sniffImage, sniffPdf } from "./media/magic.ts";
import { describeMedia, imageMediaTypes, mediaCodecs } from "./media/media-codec.ts";

/** Formats that hold one page by definition. */
const singlePage: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/bmp"]);

/** A paginated document: PDF, or one or more page images. The number of pages may be unknown until it is read. */
export const document = defineModality({
  id: "document",
  summary: "A document of pages: PDF, TIFF or page images",
  schema: encodedMediaSchema,
  measure: "page",
  measureOf: (value) => (singlePage.has(value.mediaType) ? 1 : knownImageHeader(value.blob)?.pages),
  describe: (value) => ({ ...describeMedia(value), ...(singlePage.has(value.mediaType) ? { pages: 1 } : {}) }),
  sizeOf: (value) => value.blob.size,
  sniff: (head, sizeBytes) => sniffImage(head, sizeBytes) ?? sniffPdf(head),
  codecs: mediaCodecs(["application/pdf", ...imageMediaTypes]),
});
