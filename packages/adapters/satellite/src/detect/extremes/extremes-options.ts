import { z } from "zod";

/** Options of the detector of extremes. */
export const extremesOptionsSchema = z.strictObject({
  /** Years before an observation that it is compared with; only the history is, never the watched time. */
  years: z.number().positive().default(3),
  /** Days around the same time of the year. */
  windowDays: z.number().positive().max(182).default(15),
  /** Least clear observations in that window; with fewer the date is not judged. */
  minObservations: z.int().min(2).default(3),
  /** How far beyond the extreme an observation must be to agree, in units of the index. */
  margin: z.number().nonnegative().default(0.05),
  /** Agreeing observations in a row that confirm a change. */
  confirmations: z.int().min(1).default(3),
  /** Which way a change goes: below the minimum, above the maximum, or either. */
  direction: z.enum(["loss", "gain", "both"]).default("loss"),
});

export type ExtremesOptions = Readonly<z.infer<typeof extremesOptionsSchema>>;
