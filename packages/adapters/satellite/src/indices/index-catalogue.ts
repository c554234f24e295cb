import { type CompiledExpression, compileExpression } from "./compile-expression.ts";

/** An index everybody computes in the same way. */
export interface SpectralIndex {
  readonly name: string;
  /** As a band expression; bands by their STAC common names, "pre." and "post." where two dates are compared. */
  readonly formula: string;
  /**
   * Whether the formula has constants in the units of reflectance: digital numbers give nonsense. The others are ratios,
   * which a factor leaves as they are, but not an offset (Sentinel-2 since baseline 04.00): reflectance is right for all.
   */
  readonly needsReflectance: boolean;
  readonly source: string;
}

/**
 * Three different things are called NDWI: McFeeters' is "ndwi" here, Xu's "mndwi", and Gao's, of the water in leaves,
 * is "ndmi".
 */
export const indexCatalogue = {
  ndvi: {
    name: "Normalised difference vegetation index",
    formula: "(nir - red) / (nir + red)",
    needsReflectance: false,
    source: "Rouse et al. 1974",
  },
  evi: {
    name: "Enhanced vegetation index",
    formula: "2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1)",
    needsReflectance: true,
    source: "Huete et al. 2002, doi:10.1016/S0034-4257(02)00096-2",
  },
  savi: {
    name: "Soil-adjusted vegetation index (L = 0.5)",
    formula: "1.5 * (nir - red) / (nir + red + 0.5)",
    needsReflectance: true,
    source: "Huete 1988, doi:10.1016/0034-4257(88)90106-X",
  },
  ndwi: {
    name: "Normalised difference water index (open water, McFeeters)",
    formula: "(green - nir) / (green + nir)",
    needsReflectance: false,
    source: "McFeeters 1996, doi:10.1080/01431169608948714",
  },
  mndwi: {
    name: "Modified normalised difference water index (Xu)",
    formula: "(green - swir16) / (green + swir16)",
    needsReflectance: false,
    source: "Xu 2006, doi:10.1080/01431160600589179",
  },
  ndmi: {
    name: "Normalised difference moisture index (water in leaves; Gao's NDWI)",
    formula: "(nir - swir16) / (nir + swir16)",
    needsReflectance: false,
    source: "Gao 1996, doi:10.1016/S0034-4257(96)00067-3",
  },
  nbr: {
    name: "Normalised burn ratio",
    formula: "(nir - swir22) / (nir + swir22)",
    needsReflectance: false,
    source: "Key and Benson 2006, USDA RMRS-GTR-164",
  },
  dnbr: {
    name: "Difference of the normalised burn ratio, before minus after",
    formula: "(pre.nir - pre.swir22) / (pre.nir + pre.swir22) - (post.nir - post.swir22) / (post.nir + post.swir22)",
    needsReflectance: false,
    source: "Key and Benson 2006, USDA RMRS-GTR-164",
  },
  ndsi: {
    name: "Normalised difference snow index",
    formula: "(green - swir16) / (green + swir16)",
    needsReflectance: false,
    source: "Hall et al. 1995, doi:10.1016/0034-4257(95)00137-P",
  },
  snow: {
    name: "Snow or bare ice (1) or neither (0): NDSI above 0.4, near infrared above 0.11, which leaves water out",
    formula: "(green - swir16) / (green + swir16) > 0.4 ? (nir > 0.11 ? 1 : 0) : 0",
    needsReflectance: true,
    source: "Dozier 1989, doi:10.1016/0034-4257(89)90101-6; Hall et al. 1995",
  },
} as const satisfies Readonly<Record<string, SpectralIndex>>;

export type IndexName = keyof typeof indexCatalogue;

const compiled = new Map<IndexName, CompiledExpression>();

/** The index, ready to compute: see `CompiledExpression.evaluate`. */
export function spectralIndex(name: IndexName): CompiledExpression {
  const expression = compiled.get(name) ?? compileExpression(indexCatalogue[name].formula);
  compiled.set(name, expression);
  return expression;
}

/** An index by its name in the catalogue, or an expression over bands. Throws SG_SATELLITE_EXPRESSION. */
export function indexOrExpression(text: string): CompiledExpression {
  return isIndexName(text) ? spectralIndex(text) : compileExpression(text);
}

export function isIndexName(name: string): name is IndexName {
  return Object.hasOwn(indexCatalogue, name);
}
