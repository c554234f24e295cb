import { z } from "zod";

/** What a mask is for: the policy of a task decides which pixels may be looked at. */
export const maskTasks = ["vegetation", "glacier", "burn"] as const;
export type MaskTask = (typeof maskTasks)[number];

/**
 * Which pixels count as clear.
 * - "auto": the product's own mask, by the policy of the task
 * - "none": every pixel that was observed, clouds included
 * - by probability: a band of cloud probabilities
 * - by classes or bits of any band
 */
export const maskSchema = z.union([
  z.literal(["auto", "none"]),
  z.strictObject({
    kind: z.literal("probability"),
    /** Default "cloud-probability" (Sen2Cor) or "clp" (s2cloudless), whichever is there. */
    band: z.string().optional(),
    /** Cloud above this share of the band's full scale. Default 0.4, that of s2cloudless. */
    threshold: z.number().min(0).max(1).optional(),
    /** Number that stands for probability 1; known for floating-point numbers (1), for the default bands (100, 255) and where a scale is stated. */
    fullScale: z.number().positive().optional(),
    /** Radius in pixels of the average before the threshold. Default 4; 0 for none. */
    averageOver: z.int().min(0).max(50).optional(),
    /** Radius in pixels by which clouds are grown. Default 2; 0 for none. */
    dilation: z.int().min(0).max(50).optional(),
  }),
  z.strictObject({
    kind: z.literal("classes"),
    band: z.string(),
    /** Classes that are not clear. */
    masked: z.array(z.int().min(0).max(65_535)).min(1).readonly(),
  }),
  z.strictObject({
    kind: z.literal("bits"),
    band: z.string(),
    /** Bits (0 is the lowest) of which none may be set. */
    masked: z.array(z.int().min(0).max(31)).min(1).readonly(),
  }),
]);

export type MaskOption = z.infer<typeof maskSchema>;
