import type { OpenDocument } from "../document/open-documents.ts";
import { imageDpi } from "../document/page-size.ts";
import { decodeGray, readImageInfo } from "../native/sharp.ts";
import { fail } from "../ocr-errors.ts";
import type { ReadPage, ReadPageInput } from "./read-page-task.ts";
import { readRaster } from "./read-raster.ts";

/** Reads a page of an image file. An image has no text layer. */
export async function readImagePage(
  document: OpenDocument,
  input: ReadPageInput,
  signal: AbortSignal,
): Promise<ReadPage> {
  if (input.options.mode === "text-layer")
    throw fail("SG_OCR_NO_TEXT_LAYER", `Page ${input.number} is an image, which has no text layer`);
  const bytes = await document.bytes();
  const info = await readImageInfo(bytes, input.number - 1);
  checkPixels(info, input.maxPixels);
  const raster = await decodeGray(bytes, input.number - 1, input.maxPixels);
  const page = await readRaster(raster, { ...input, dpi: imageDpi(raster, info.dpi) }, signal);
  return { page };
}

/** Refuses an image by its header, before anything is decoded. */
function checkPixels(size: { readonly widthPixels: number; readonly heightPixels: number }, maxPixels: number): void {
  const pixels = size.widthPixels * size.heightPixels;
  if (pixels <= maxPixels) return;
  throw fail(
    "SG_INPUT_TOO_LARGE",
    `The image has ${size.widthPixels} x ${size.heightPixels} = ${pixels} pixels, more than ${maxPixels}`,
    {
      hint: "Send it in a lower resolution, or raise the adapter's maxPixels.",
    },
  );
}
