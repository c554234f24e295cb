import { z } from "zod";
import { bfastOptionsSchema } from "./bfast/bfast-options.ts";
import { extremesOptionsSchema } from "./extremes/extremes-options.ts";
import { harmonicOptionsSchema } from "./harmonic/harmonic-options.ts";

/** A detector of one index and its options. */
export const detectorSchema = z.discriminatedUnion("name", [
  harmonicOptionsSchema.extend({ name: z.literal("harmonic") }),
  bfastOptionsSchema.extend({ name: z.literal("bfast-monitor") }),
  extremesOptionsSchema.extend({ name: z.literal("extremes") }),
]);

export type Detector = Readonly<z.infer<typeof detectorSchema>>;
