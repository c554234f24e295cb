import type { Raster, RasterBand } from "../modalities/raster/raster-schema.ts";
import { fail } from "../satellite-errors.ts";
import { cloudClasses, fullScales } from "./cloud-classes.ts";
import type { MaskOption, MaskTask } from "./mask-options.ts";
import { type ProductMask, productMasks } from "./product-masks.ts";

/** How clear pixels of a scene are found. */
export interface MaskPlan {
  /** The band that is read; undefined without a mask. */
  readonly band: RasterBand | undefined;
  readonly kind: "none" | "classes" | "bits" | "probability";
  /** For receipts: "SCL of sentinel-2-l2a without 0, 1, 3, 8, 9, 10, 11". */
  readonly summary: string;
  /** Whether a number of the band is clear; for probabilities a threshold is used instead. */
  readonly isClear: (value: number) => boolean;
  readonly probability?: CloudProbability;
}

/** How a probability becomes a mask; see `maskSchema`. */
export interface CloudProbability {
  readonly threshold: number;
  /** Number that stands for probability 1; undefined when only the kind of numbers can tell. */
  readonly fullScale: number | undefined;
  readonly averageOver: number;
  readonly dilation: number;
}

/**
 * Decides which pixels of a scene may be looked at. Throws SG_SATELLITE_MASK when there is no mask and nobody said "none",
 * SG_SATELLITE_BAND when the band of a named mask is missing.
 */
export function planMask(
  raster: Raster,
  { task, mask = "auto" }: { task: MaskTask; mask?: MaskOption | undefined },
): MaskPlan {
  if (mask === "none")
    return { band: undefined, kind: "none", summary: "none: clouds count as observations", isClear: () => true };
  if (mask === "auto") return planProductMask(raster, task);
  if (mask.kind === "probability") return planProbability(raster, mask);
  const band = bandNamed(raster, mask.band);
  const isClear = clearTest(mask.kind, mask.masked, []);
  return { band, kind: mask.kind, summary: `${band.name} without ${mask.kind} ${mask.masked.join(", ")}`, isClear };
}

function planProbability(raster: Raster, mask: Extract<MaskOption, { readonly kind: "probability" }>): MaskPlan {
  const { threshold = 0.4, averageOver = 4, dilation = 2 } = mask;
  const known = Object.keys(fullScales).find((name) => raster.bands.some((band) => band.name === name));
  const band = bandNamed(raster, mask.band ?? known ?? "cloud-probability");
  const fullScale = mask.fullScale ?? (band.scale === undefined ? undefined : 1 / band.scale);
  return {
    band,
    kind: "probability",
    summary: `${band.name} above ${threshold}, averaged over ${averageOver}, grown by ${dilation} pixels`,
    isClear: (value) => value === cloudClasses.clear,
    probability: { threshold, fullScale, averageOver, dilation },
  };
}

function planProductMask(raster: Raster, task: MaskTask): MaskPlan {
  const layout = productMasks[raster.product];
  const band = layout?.bands
    .map((name) => raster.bands.find((one) => one.name === name))
    .find((one) => one !== undefined);
  if (layout === undefined || band === undefined)
    throw fail(
      "SG_SATELLITE_MASK",
      layout === undefined
        ? `Scene "${raster.id}" is of no product whose mask is known`
        : `Scene "${raster.id}" (${raster.product}) has no band ${layout.bands.join(" or ")}`,
    );
  const masked = layout.masked[task];
  return {
    band,
    kind: layout.kind,
    summary: `${band.name} of ${raster.product} without ${masked.map((code) => `${code} (${layout.meaning[code] ?? "?"})`).join(", ")}`,
    isClear: clearTest(layout.kind, masked, layout.maskedLevels ?? []),
  };
}

/** The product's own mask against clouds alone, for judging radiometry; undefined for a scene without one. */
export function planVeil(raster: Raster): MaskPlan | undefined {
  const layout = productMasks[raster.product];
  const band = layout?.bands
    .map((name) => raster.bands.find((one) => one.name === name))
    .find((one) => one !== undefined);
  if (layout === undefined || band === undefined) return undefined;
  const { kind, veiled, maskedLevels = [] } = layout;
  return { band, kind, summary: `${band.name} without clouds`, isClear: clearTest(kind, veiled, maskedLevels) };
}

function bandNamed(raster: Raster, name: string): RasterBand {
  const band = raster.bands.find((one) => one.name === name.toLowerCase());
  if (band === undefined)
    throw fail(
      "SG_SATELLITE_BAND",
      `Scene "${raster.id}" has no band "${name}" for its mask; it has ${raster.bands.map((one) => one.name).join(", ")}`,
    );
  return band;
}

function clearTest(
  kind: "classes" | "bits",
  masked: readonly number[],
  levels: NonNullable<ProductMask["maskedLevels"]>,
): (value: number) => boolean {
  if (kind === "classes") {
    const classes = new Set(masked);
    return (value) => !classes.has(value);
  }
  // Bit 31 makes a negative number of a mask; `&` sees the same bits.
  const bits = masked.reduce((sum, bit) => sum | (1 << bit), 0);
  return (value) => (value & bits) === 0 && levels.every(({ bit, levels: bad }) => !bad.includes((value >>> bit) & 3));
}
