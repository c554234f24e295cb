import { z } from "zod";
import { detectorSchema } from "../detect/detector-options.ts";

/** What is watched for, and when. */
export const changeOptionsSchema = z.strictObject({
  /** Stands in every alert. */
  task: z.string().min(1).default("deforestation"),
  /** Detectors that look side by side; what two of them see is confirmed. */
  detectors: z
    .array(detectorSchema)
    .min(1)
    .readonly()
    .default([detectorSchema.parse({ name: "harmonic" })]),
  /** First day that is judged; what lies before it teaches what is usual. Default: one year before the last scene. */
  monitorFrom: z.iso.date().optional(),
  /** Years before that the detectors learn from. DIST-ALERT uses three. */
  historyYears: z.number().positive().default(3),
  /** Smaller places are left out. RADD uses 0.2. */
  minimumHectares: z.number().nonnegative().default(0.2),
  /**
   * Pixels that are not confirmed yet make alerts, of low confidence, from this confidence on. 0.8 are about two
   * observations that agree. Default 1: only what is confirmed.
   */
  suspectFrom: z.number().min(0).max(1).default(1),
  /** Address of a picture of an alert, with "{id}" in it; stands in every alert. */
  chips: z.string().includes("{id}").optional(),
  /** Leaves out corners of outlines that matter less than this many pixels. */
  simplifyPixels: z.number().nonnegative().default(0),
});

export type ChangeOptions = Readonly<z.infer<typeof changeOptionsSchema>>;
