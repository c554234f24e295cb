import { type Component, findComponents, textComponents } from "./components.ts";
import { type GrayImage, shrink } from "./gray-image.ts";
import { findInk } from "./ink-mask.ts";
import { findTextDirection, type TextDirection } from "./text-direction.ts";

/** Letters are looked for on an image of about this many pixels on its longer side. */
const WORKING_PIXELS = 1600;

export interface PageAnalysis {
  /** Whether there is anything to read. */
  readonly isBlank: boolean;
  /** Letters, in pixels of the page. */
  readonly letters: readonly Component[];
  /** Median size of a letter, in pixels of the page. */
  readonly sizePixels: number;
  readonly direction: TextDirection;
}

/** Finds the letters of a page, and how it is turned and skewed, without reading it. */
export function analysePage(image: GrayImage): PageAnalysis {
  const factor = Math.max(1, Math.floor(Math.max(image.widthPixels, image.heightPixels) / WORKING_PIXELS));
  const components = findComponents(findInk(shrink(image, factor)));
  const { letters, sizePixels } = textComponents(components);
  return {
    isBlank: letters.length === 0,
    letters: letters.map(({ left, top, right, bottom, area }) => ({
      left: left * factor,
      top: top * factor,
      right: right * factor,
      bottom: bottom * factor,
      area: area * factor * factor,
    })),
    sizePixels: sizePixels * factor,
    direction: findTextDirection(letters, { sizePixels }),
  };
}
