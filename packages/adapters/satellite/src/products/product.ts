/**
 * Products whose numbers and quality bits are known here. Two of them may use the same name for other bits, so everything
 * that reads quality bits is asked for the product, never for a band name alone.
 */
export const products = ["sentinel-2-l2a", "landsat-c2-l2", "landsat-ard", "hls", "other"] as const;

export type Product = (typeof products)[number];
