import type { PageTextPage, TaskContext } from "@stargate/kernel";
import type { EditablePdf, ImagePage } from "../native/pdf-lib.ts";
import { decodePixels, readOrientation } from "../native/sharp.ts";
import { fail } from "../ocr-errors.ts";
import { filterRows, withoutEqualChannels } from "./pixel-rows.ts";

/** Pages are decoded one after the other: this bounds the largest. */
const MAX_PIXELS = 1_000_000_000;

/** Makes one PDF page per page of an image file, in the size the page was read at. Returns where each page went. */
export async function addImagePages(
  pdf: EditablePdf,
  bytes: Uint8Array,
  input: { readonly mediaType: string; readonly pages: readonly PageTextPage[] },
  context: TaskContext,
): Promise<readonly { readonly page: PageTextPage; readonly pageIndex: number }[]> {
  for (const page of input.pages) {
    if (context.signal.aborted) throw fail("SG_RUN_CANCELLED", "Writing the searchable PDF was cancelled");
    await pdf.addImagePage(
      input.mediaType === "image/jpeg" ? await jpegPage(bytes, page) : await pixelPage(bytes, page),
    );
  }
  return input.pages.map((page, pageIndex) => ({ page, pageIndex }));
}

/** The file itself goes into the PDF, which knows nothing of EXIF: the turn becomes part of the placing matrix. */
async function jpegPage(bytes: Uint8Array, page: PageTextPage): Promise<ImagePage> {
  const { widthPixels, heightPixels, orientation } = await readOrientation(bytes);
  const [width, height] = shownSize(page, orientation >= 5 ? [heightPixels, widthPixels] : [widthPixels, heightPixels]);
  return {
    image: { kind: "jpeg", bytes },
    widthPoints: width,
    heightPoints: height,
    matrix: orientationMatrix(orientation, width, height),
  };
}

async function pixelPage(bytes: Uint8Array, page: PageTextPage): Promise<ImagePage> {
  const image = withoutEqualChannels(await decodePixels(bytes, page.number - 1, MAX_PIXELS));
  const [width, height] = shownSize(page, [image.widthPixels, image.heightPixels]);
  return {
    image: {
      kind: "pixels",
      filteredRows: filterRows(image),
      widthPixels: image.widthPixels,
      heightPixels: image.heightPixels,
      channels: image.channels,
    },
    widthPoints: width,
    heightPoints: height,
    matrix: [width, 0, 0, height, 0, 0],
  };
}

/**
 * Size in points of an image on its page. The reader may have scaled it, turned it by quarters, and deskewed it on a
 * larger canvas; the scale follows from what it says the page's size is.
 */
function shownSize(page: PageTextPage, [width, height]: readonly [number, number]): readonly [number, number] {
  const [turnedWidth, turnedHeight] = page.rotationDegrees % 180 === 0 ? [width, height] : [height, width];
  const radians = (Math.abs(page.skewDegrees) * Math.PI) / 180;
  const grownWidth = turnedWidth * Math.cos(radians) + turnedHeight * Math.sin(radians);
  const grownHeight = turnedHeight * Math.cos(radians) + turnedWidth * Math.sin(radians);
  const kept = page.widthPixels / turnedWidth;
  const grown = page.widthPixels / grownWidth;
  const isGrown = Math.abs(grown * grownHeight - page.heightPixels) < Math.abs(kept * turnedHeight - page.heightPixels);
  const pointsPerPixel = ((isGrown ? grown : kept) * 72) / page.dpi;
  return [width * pointsPerPixel, height * pointsPerPixel];
}

/** Matrix from the unit square to a page of this size for an EXIF orientation (TIFF 6.0, tag 274). */
function orientationMatrix(orientation: number, width: number, height: number): ImagePage["matrix"] {
  switch (orientation) {
    case 2:
      return [-width, 0, 0, height, width, 0];
    case 3:
      return [-width, 0, 0, -height, width, height];
    case 4:
      return [width, 0, 0, -height, 0, height];
    case 5:
      return [0, -height, -width, 0, width, height];
    case 6:
      return [0, -height, width, 0, 0, height];
    case 7:
      return [0, height, width, 0, 0, 0];
    case 8:
      return [0, height, -width, 0, width, 0];
    default:
      return [width, 0, 0, height, 0, 0];
  }
}
