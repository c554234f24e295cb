import { z } from "zod";

/**
 * Options of CCDC, with the defaults of the published implementation (Zhu and Woodcock 2014; version 13 of 2015, the one
 * whose segments the LCMAP project keeps as a reference). Bands are in reflectance x 10,000.
 */
export const ccdcOptionsSchema = z.strictObject({
  /** Clear observations, and years between them, that a segment starts with. */
  minObservations: z.int().min(6).default(12),
  minYears: z.number().positive().default(1),
  /** Observations in a row that confirm a change. */
  confirmations: z.int().min(2).default(6),
  /** Squared distance over the bands that counts as change: chi-square of 0.99 with 5 degrees of freedom. */
  changeThreshold: z.number().positive().default(15.086272469388987),
  /** The same for a single outlier that is dropped: chi-square of 1 - 1e-6. */
  outlierThreshold: z.number().positive().default(35.888186879610423),
  /** Weight of the lasso penalty, in units of the bands. */
  lassoPenalty: z.number().nonnegative().default(20),
  /** Clouds and shadows that the mask missed: this many variograms above the robust curve in green, below it in SWIR1. */
  tmaskThreshold: z.number().positive().default(3),
  /** Below this share of clear observations there is no change detection. */
  minClearShare: z.number().min(0).max(1).default(0.25),
  /** Above this share of snow among clear and snow, a pixel without enough clear observations is permanent snow. */
  minSnowShare: z.number().min(0).max(1).default(0.75),
  /** How far above its median green may be in a pixel without enough clear observations. */
  greenAboveMedian: z.number().positive().default(400),
});

export type CcdcOptions = Readonly<z.infer<typeof ccdcOptionsSchema>>;
