import { z } from "zod";
import { harmonicOptionsSchema } from "./harmonic/harmonic-options.ts";

/** A detector and its options. */
export const detectorSchema = z.discriminatedUnion("name", [
  harmonicOptionsSchema.extend({ name: z.literal("harmonic") }),
]);

export type Detector = Readonly<z.infer<typeof detectorSchema>>;
