import { z } from "zod";

/** A part that was not read, and why. */
export const gapSchema = z.strictObject({
  /** The part, in the measure's own terms: "page 7", "12.0-18.5 s". */
  what: z.string(),
  reason: z.string(),
});

/**
 * How much of an input went into the answer, in the input modality's measure.
 * `of` is null while the total is unknown (a live stream).
 */
export const coverageSchema = z.strictObject({
  measure: z.string(),
  done: z.number().nonnegative(),
  of: z.number().nonnegative().nullable(),
  missing: z.array(gapSchema).readonly().optional(),
});

export type Gap = z.infer<typeof gapSchema>;
export type Coverage = Readonly<z.infer<typeof coverageSchema>>;

/** What a transform passes to `ctx.coverage`. The measure defaults to that of the (only measured) input. */
export interface CoverageReport {
  readonly done: number;
  /** Total, or null while it is unknown. */
  readonly of: number | null;
  readonly measure?: string | undefined;
  readonly missing?: readonly Gap[] | undefined;
}

/** How a transform accounts for its input: see `Transform.coverage`. */
export type CoverageMode = "whole" | "reported";
