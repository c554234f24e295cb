/** Columns of a feature table. Named as in the decision record. */
export const features = [
  "waitMs",
  "waitVariance",
  "serviceLogMean",
  "serviceLogVariance",
  "serviceLogIgnorance",
  "coldMs",
  "failureProbability",
  "failureDeviation",
  "usd",
  "hourly",
  "joules",
  "carbonFactor",
  "quality",
  "qualityDeviation",
] as const;

export type Feature = (typeof features)[number];

/**
 * Numbers of all arms of one decision, one array per feature. Typed arrays, because this is filled and read for every
 * call: a table of objects costs more than the scores.
 */
export type FeatureTable = Readonly<Record<Feature, Float64Array>> & {
  readonly arms: number;
  /** 1 where a hard constraint rules the arm out; its numbers then mean nothing. */
  readonly refused: Uint8Array;
};

export function createFeatureTable(arms: number): FeatureTable {
  const columns = Object.fromEntries(features.map((name) => [name, new Float64Array(arms)]));
  return { ...(columns as Record<Feature, Float64Array>), arms, refused: new Uint8Array(arms) }; // one array per name
}
