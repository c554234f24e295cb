import type { Box } from "@stargate/kernel";
import { resizeGray, rotateGray } from "../native/sharp.ts";
import { type GrayImage, type PixelSize, turnClockwise } from "../image/gray-image.ts";
import type { QuarterTurn } from "../image/text-direction.ts";

/** Skews smaller than this are left alone: engines cope with them, and resampling costs sharpness. */
const MIN_SKEW_DEGREES = 0.3;

/** Engines read letters of this many pixels best; smaller ones are enlarged up to it. */
const GOOD_LETTER_PIXELS = 24;
const SMALL_LETTER_PIXELS = 15;
const MAX_ENLARGEMENT = 4;

/** A raster made ready for reading. */
export interface UprightRaster {
  readonly image: GrayImage;
  /** Size of the page after its quarter turn was undone: the space boxes are stated in. */
  readonly page: PixelSize;
  readonly turnDegrees: QuarterTurn;
  /** Skew that was undone; 0 when it was too small to matter. */
  readonly skewDegrees: number;
  /** Pixels of `image` per pixel of the page. */
  readonly enlargement: number;
  /** From pixels of `image` to pixels of the page: scaled, centres on one another. */
  toPage(box: Box): Box;
}

/** Undoes turn and skew, and enlarges small print as far as `maxPixels` allows. */
export async function makeUpright(
  raster: GrayImage,
  found: { readonly turnDegrees: QuarterTurn; readonly skewDegrees: number; readonly letterPixels: number },
  maxPixels: number,
): Promise<UprightRaster> {
  const upright = undoTurn(raster, found.turnDegrees);
  const skewDegrees = Math.abs(found.skewDegrees) < MIN_SKEW_DEGREES ? 0 : Math.round(found.skewDegrees * 100) / 100;
  const straight = skewDegrees === 0 ? upright : await rotateGray(upright, -skewDegrees);
  const enlargement = enlargementFor(straight, found.letterPixels, maxPixels);
  const image =
    enlargement === 1
      ? straight
      : await resizeGray(
          straight,
          Math.round(straight.widthPixels * enlargement),
          Math.round(straight.heightPixels * enlargement),
        );
  const x = (value: number): number => (value - image.widthPixels / 2) / enlargement + upright.widthPixels / 2;
  const y = (value: number): number => (value - image.heightPixels / 2) / enlargement + upright.heightPixels / 2;
  return {
    image,
    page: { widthPixels: upright.widthPixels, heightPixels: upright.heightPixels },
    turnDegrees: found.turnDegrees,
    skewDegrees,
    enlargement,
    toPage: (box) => [x(box[0]), y(box[1]), x(box[2]), y(box[3])],
  };
}

/** Turns a page back that was turned clockwise. */
export function undoTurn(image: GrayImage, turnDegrees: QuarterTurn): GrayImage {
  return turnClockwise(image, turnDegrees === 0 ? 0 : turnDegrees === 90 ? 3 : turnDegrees === 180 ? 2 : 1);
}

function enlargementFor(image: PixelSize, letterPixels: number, maxPixels: number): number {
  if (letterPixels <= 0 || letterPixels >= SMALL_LETTER_PIXELS) return 1;
  const affordable = Math.sqrt(maxPixels / (image.widthPixels * image.heightPixels));
  return Math.max(1, Math.min(MAX_ENLARGEMENT, GOOD_LETTER_PIXELS / letterPixels, affordable));
}
