import type { Product } from "./product.ts";

/** What a catalogue or a file name says about where a scene comes from. */
export interface ProductClues {
  readonly collection?: string | undefined;
  /** Name of the item or file: "LC08_L2SP_...", "S2A_29RKH_20200219_0_L2A", "HLS.S30.T33TWM...". */
  readonly id: string;
  /** "S2MSI2A" */
  readonly s2ProductType?: string | undefined;
  /** "S2A_MSIL2A_..." */
  readonly productUri?: string | undefined;
}

const byCollection: readonly (readonly [RegExp, Product])[] = [
  [/^sentinel-2.*l2a|^sentinel-s2-l2a|^s2_l2a/, "sentinel-2-l2a"],
  [/^hls[ls]30|^hls2-[ls]30|^hls-?[ls]30/, "hls"],
  [/^landsat-c2-?l2|^landsat-c2ard|^landsat-8-c2-l2/, "landsat-c2-l2"],
  [/^landsat-?ard|^lcmap/, "landsat-ard"],
];

const byName: readonly (readonly [RegExp, Product])[] = [
  [/MSIL2A|^S2[ABCD]_.*L2A/i, "sentinel-2-l2a"],
  [/^HLS\.[LS]30/i, "hls"],
  [/^L[COTE]0[4-9]_L2S[PR]_.*_02_T[12R]/i, "landsat-c2-l2"],
  // Tiles of collection 2 have QA_PIXEL and the scaling of collection 2; those of collection 1 do not.
  [/^L[COTE]0[4-9]_[A-Z]{2}_\d{6}_\d{8}_\d{8}_02/i, "landsat-c2-l2"],
  [/^L[COTE]0[4-9]_[A-Z]{2}_\d{6}_\d{8}_\d{8}_C01/i, "landsat-ard"],
];

/** Product of a scene. "other" where nothing is known for certain: then nobody reads its quality bits by accident. */
export function productOf({ collection, id, s2ProductType, productUri }: ProductClues): Product {
  const name = collection?.toLowerCase();
  const declared = name === undefined ? undefined : byCollection.find(([pattern]) => pattern.test(name))?.[1];
  if (declared !== undefined) return declared;
  if (s2ProductType === "S2MSI2A") return "sentinel-2-l2a";
  return [productUri ?? "", id].flatMap((text) => byName.filter(([pattern]) => pattern.test(text)))[0]?.[1] ?? "other";
}
