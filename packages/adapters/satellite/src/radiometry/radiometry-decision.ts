import { z } from "zod";

/**
 * How numbers become reflectance.
 * - "auto": decided from metadata and pixels; refused when they leave a doubt
 * - "as-stated": scale and offset of catalogue or file, unchecked
 * - { scale, offset }: said by the caller, unchecked
 */
export const radiometrySchema = z.union([
  z.literal(["auto", "as-stated"]),
  z.strictObject({ scale: z.number().positive(), offset: z.number() }),
]);

export type RadiometryOption = z.infer<typeof radiometrySchema>;

/** One way to read the numbers: reflectance = number · scale + offset. */
export interface Reading {
  readonly name: string;
  readonly scale: number;
  readonly offset: number;
  /** Never taken, only a reason for doubt: an accident that is known, but cannot be told from a dark or bright scene. */
  readonly isDoubt?: boolean;
}

/** What the darkest and brightest pixels look like under a reading. */
export interface ReadingEvidence {
  readonly reading: string;
  readonly verdict: "impossible" | "possible" | "supported";
  /** Why, with the numbers. */
  readonly reason: string;
}

/** How the numbers of a scene are read, and why; part of every result. */
export interface RadiometryDecision {
  readonly scale: number;
  readonly offset: number;
  readonly reading: string;
  /** 0-1; 1 where metadata and pixels agree, 0 where too little was clear to decide: then nothing of the scene counts. */
  readonly confidence: number;
  /** In words: what each source says. */
  readonly basis: readonly string[];
  readonly evidence: readonly ReadingEvidence[];
  /** Whether what the catalogue or the file states was not believed. */
  readonly contradictsMetadata: boolean;
}
