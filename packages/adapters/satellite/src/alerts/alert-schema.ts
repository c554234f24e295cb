import { z } from "zod";
import { polygonalSchema } from "../modalities/features/features-schema.ts";

const date = z.iso.date();
const level = z.enum(["low", "high"]);
const hectares = z.number().nonnegative();

/** What a person found at the place. */
const verificationSchema = z.strictObject({
  by: z.string().min(1),
  at: z.iso.datetime({ offset: true }),
  verdict: z.enum(["confirmed", "rejected", "unclear"]),
  note: z.string().optional(),
});

const sourceSchema = z.strictObject({
  detector: z.string(),
  /** Pixels of the alert in which this detector sees a change. */
  pixels: z.int().nonnegative(),
  firstSeen: date,
  confirmed: date.nullable(),
});

const monthSchema = z.strictObject({
  /** "2017-07". */
  month: z.string().regex(/^\d{4}-\d\d$/),
  confidence: level,
  hectares,
});

/** Properties of an alert, flat where they can be, as they stand in GeoJSON. */
const alertPropertiesSchema = z.strictObject({
  kind: z.literal("alert"),
  task: z.string(),
  areaHectares: hectares,
  pixels: z.int().min(1),
  /** Date of the first observation of the change, anywhere in it. */
  firstSeen: date,
  /** Date on which its first part was confirmed; null while nothing is. */
  confirmed: date.nullable(),
  /** "high" when at least half of the area is confirmed. */
  confidence: level,
  /** 0-1, mean over its pixels. */
  confidenceScore: z.number().min(0).max(1),
  /** Clear observations of the monitored time, median over its pixels. */
  clearObservations: z.int().nonnegative(),
  /** Observed minus expected in the units of the index, median over its pixels; null when unknown. */
  magnitude: z.number().nullable(),
  /** "new" in the batch that finds it, "known" from the next one on. */
  status: z.enum(["new", "known"]),
  /** False once a later run over the same place does not see it any more. */
  current: z.boolean(),
  /** The batch that found it, and the last one that saw it. */
  firstBatch: z.string(),
  lastBatch: z.string(),
  /** Ids of older alerts that have grown into this one. */
  mergedFrom: z.array(z.string()).readonly(),
  /** Id of the alert it was a part of. */
  splitFrom: z.string().nullable(),
  verified: verificationSchema.nullable(),
  sources: z.array(sourceSchema).readonly(),
  /** Where its area lies in time: every pixel once, by the month in which its change was first seen. */
  months: z.array(monthSchema).readonly(),
  /** Mean of the index over its pixels, by date; `share` of them was observed. */
  evidence: z.array(z.strictObject({ date, mean: z.number(), share: z.number() })).readonly(),
  /** Where a picture of it can be had; null when nobody offers one. */
  chip: z.string().nullable(),
});

/** A place where something changed: a GeoJSON feature. */
export const alertSchema = z.strictObject({
  type: z.literal("Feature"),
  id: z.string().min(1),
  geometry: polygonalSchema,
  properties: alertPropertiesSchema,
});

export type Alert = Readonly<z.infer<typeof alertSchema>>;
export type AlertProperties = Readonly<z.infer<typeof alertPropertiesSchema>>;
export type AlertVerification = Readonly<z.infer<typeof verificationSchema>>;
