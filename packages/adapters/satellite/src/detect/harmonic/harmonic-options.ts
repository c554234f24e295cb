import { z } from "zod";

/** Options of the harmonic monitor. Thresholds are in standard deviations of the pixel's own history. */
export const harmonicOptionsSchema = z.strictObject({
  /** Harmonics of the year in the expected curve. */
  harmonics: z.int().min(1).max(3).default(2),
  /** A trend in the expected curve. Off: extrapolated trends of a short history raise false alarms. */
  trend: z.boolean().default(false),
  /** How observations that do not fit the history (clouds nobody masked) lose weight. */
  robust: z.enum(["none", "huber", "tukey"]).default("huber"),
  /** Whether the noise may differ by season (snow, low sun); what the season does is learned from the whole block. */
  seasonalNoise: z.boolean().default(true),
  /** Which way a change goes: down, up, or either. */
  direction: z.enum(["loss", "gain", "both"]).default("loss"),
  /** Least clear observations of the history; with fewer the pixel counts as unobserved. */
  minObservations: z.int().min(6).default(12),
  /** Least days between first and last clear observation of the history. */
  minHistoryDays: z.number().positive().default(365),
  /** The spread of a history counts as at least this, in units of the index. */
  sigmaFloor: z.number().positive().default(0.02),
  /** How evidence adds up: weighed and summed (CUSUM), or observations in a row. See `createEvidence`. */
  evidence: z.enum(["cumulative", "consecutive"]).default("cumulative"),
  /** An observation agrees with a change when it is this many standard deviations away from what was expected. */
  threshold: z.number().positive().default(2.5),
  /** Least agreeing observations that confirm a change. */
  confirmations: z.int().min(1).default(3),
});

export type HarmonicOptions = Readonly<z.infer<typeof harmonicOptionsSchema>>;
