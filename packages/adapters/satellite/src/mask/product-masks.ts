import type { Product } from "../products/product.ts";
import type { MaskTask } from "./mask-options.ts";

/** How a product says what a pixel shows, and which of that a task cannot use. */
export interface ProductMask {
  /** Names the band may have, best first. */
  readonly bands: readonly string[];
  readonly kind: "classes" | "bits";
  /** What each class or bit means. */
  readonly meaning: Readonly<Record<number, string>>;
  /** Classes or bits that are not clear, for each task. */
  readonly masked: Readonly<Record<MaskTask, readonly number[]>>;
  /** Classes or bits of clouds, haze and broken pixels: what lies under them says nothing about radiometry, shadows do. */
  readonly veiled: readonly number[];
  /** Two-bit levels (Landsat's confidences, HLS's aerosol) that are not clear: first bit and the levels. */
  readonly maskedLevels?: readonly { readonly bit: number; readonly levels: readonly number[] }[];
}

/**
 * Every product's own layout: bit 3 is a cloud in one Landsat collection and a shadow in the other. Policy: clouds, their
 * shadows, cirrus, fill and broken pixels are never clear. Vegetation and burn do without snow, burn without water,
 * too (its NBR is noise). A glacier's snow is what is looked for: it is never masked, and the dark class stays out
 * because it is the shadow of mountains.
 */
export const productMasks: Readonly<Partial<Record<Product, ProductMask>>> = {
  // Sentinel-2 Level-2A algorithm document: scene classification.
  "sentinel-2-l2a": {
    bands: ["scl"],
    kind: "classes",
    meaning: {
      0: "no data",
      1: "saturated or defective",
      2: "dark or topographic shadow",
      3: "cloud shadow",
      4: "vegetation",
      5: "bare",
      6: "water",
      7: "unclassified",
      8: "cloud, medium probability",
      9: "cloud, high probability",
      10: "thin cirrus",
      11: "snow or ice",
    },
    masked: {
      vegetation: [0, 1, 3, 8, 9, 10, 11],
      burn: [0, 1, 3, 6, 8, 9, 10, 11],
      glacier: [0, 1, 2, 3, 8, 9, 10],
    },
    veiled: [0, 1, 8, 9, 10],
  },
  // Landsat Collection 2 QA_PIXEL (LSDS-1619, table 6-3).
  "landsat-c2-l2": {
    bands: ["qa_pixel"],
    kind: "bits",
    meaning: {
      0: "fill",
      1: "dilated cloud",
      2: "cirrus",
      3: "cloud",
      4: "cloud shadow",
      5: "snow",
      6: "clear",
      7: "water",
    },
    masked: { vegetation: [0, 1, 2, 3, 4, 5], burn: [0, 1, 2, 3, 4, 5, 7], glacier: [0, 2, 3, 4] },
    veiled: [0, 1, 2, 3],
  },
  // Landsat ARD of collection 1, PIXELQA, as lcmap-pyccd reads it.
  "landsat-ard": {
    bands: ["pixelqa", "qa_pixel"],
    kind: "bits",
    meaning: {
      0: "fill",
      1: "clear",
      2: "water",
      3: "cloud shadow",
      4: "snow",
      5: "cloud",
      8: "cirrus confidence",
      9: "cirrus confidence",
      10: "terrain occlusion",
    },
    masked: { vegetation: [0, 3, 4, 5, 10], burn: [0, 2, 3, 4, 5, 10], glacier: [0, 3, 5, 10] },
    veiled: [0, 5],
    // Both bits set is high confidence of cirrus.
    maskedLevels: [{ bit: 8, levels: [3] }],
  },
  // HLS v2.0 user guide, table 9.
  hls: {
    bands: ["fmask"],
    kind: "bits",
    meaning: {
      0: "cirrus (reserved)",
      1: "cloud",
      2: "beside cloud or shadow",
      3: "cloud shadow",
      4: "snow or ice",
      5: "water",
      6: "aerosol level",
      7: "aerosol level",
    },
    masked: { vegetation: [0, 1, 2, 3, 4], burn: [0, 1, 2, 3, 4, 5], glacier: [0, 1, 3] },
    veiled: [0, 1, 2],
  },
};
