import type { Product } from "../products/product.ts";
import type { Reading } from "./radiometry-decision.ts";

/** Readings that occur for a product: its own and those that its known accidents give. */
export const readings: Readonly<Record<Product, readonly Reading[]>> = {
  // BOA_ADD_OFFSET of -1000 since processing baseline 04.00 (2022-01-25), of reprocessed older scenes as well.
  "sentinel-2-l2a": [
    { name: "without offset", scale: 0.0001, offset: 0 },
    { name: "offset of baseline 04.00", scale: 0.0001, offset: -0.1 },
    { name: "reflectance already", scale: 1, offset: 0 },
    { name: "reflectance without its offset", scale: 1, offset: -0.1 },
    { name: "offset taken off twice", scale: 0.0001, offset: 0.1, isDoubt: true },
    { name: "reflectance, its offset taken off twice", scale: 1, offset: 0.1, isDoubt: true },
  ],
  // Landsat Collection 2 Level-2 science product guide.
  "landsat-c2-l2": [
    { name: "collection 2", scale: 0.0000275, offset: -0.2 },
    { name: "reflectance already", scale: 1, offset: 0 },
    { name: "reflectance without its offset", scale: 1, offset: -0.2 },
    { name: "collection 2 without its offset", scale: 0.0000275, offset: 0, isDoubt: true },
    { name: "collection 1", scale: 0.0001, offset: 0, isDoubt: true },
  ],
  "landsat-ard": [
    { name: "collection 1", scale: 0.0001, offset: 0 },
    { name: "reflectance already", scale: 1, offset: 0 },
    { name: "collection 2", scale: 0.0000275, offset: -0.2, isDoubt: true },
    { name: "reflectance without its offset", scale: 1, offset: -0.2, isDoubt: true },
  ],
  hls: [
    { name: "HLS", scale: 0.0001, offset: 0 },
    { name: "reflectance already", scale: 1, offset: 0 },
    { name: "HLS with an offset of Sentinel-2", scale: 0.0001, offset: -0.1, isDoubt: true },
    { name: "collection 2", scale: 0.0000275, offset: -0.2, isDoubt: true },
    { name: "reflectance without its offset", scale: 1, offset: -0.2, isDoubt: true },
    { name: "reflectance with an offset of Sentinel-2", scale: 1, offset: -0.1, isDoubt: true },
  ],
  other: [{ name: "reflectance already", scale: 1, offset: 0 }],
};

export function isSameReading(
  one: Pick<Reading, "scale" | "offset">,
  other: Pick<Reading, "scale" | "offset">,
): boolean {
  return Math.abs(one.scale / other.scale - 1) < 1e-3 && Math.abs(one.offset - other.offset) < 1e-4;
}
