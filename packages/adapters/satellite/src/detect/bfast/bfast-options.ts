import { z } from "zod";

/** Options of BFAST-monitor, with the defaults of the R package `bfast`. */
export const bfastOptionsSchema = z.strictObject({
  /** Harmonics of the year in the expected curve. */
  harmonics: z.int().min(1).max(3).default(3),
  trend: z.boolean().default(true),
  /** `roc`: the history begins where it was last unstable (reverse-ordered CUSUM); `all`: with its first date. */
  history: z.enum(["roc", "all"]).default("roc"),
  /** Length of the moving sum, as a share of the observations of the history. */
  bandwidth: z.literal([0.25, 0.5, 1]).default(0.25),
  /** Probability of a false alarm while up to ten times the history is watched; also that of the history's test. */
  level: z.literal([0.05, 0.01, 0.001]).default(0.05),
  /** Which way a change goes; the R package takes either. */
  direction: z.enum(["loss", "gain", "both"]).default("both"),
});

export type BfastOptions = Readonly<z.infer<typeof bfastOptionsSchema>>;
