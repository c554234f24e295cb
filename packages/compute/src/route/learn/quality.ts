/** Scores seen of a variant, the declared quality included as if it had been seen a few times. */
export interface QualityKnown {
  readonly mean: number;
  readonly weight: number;
}

export interface QualityPrediction {
  readonly mean: number;
  readonly deviation: number;
}

/** A declared quality counts as much as this many observations. */
const DECLARED_WEIGHT = 20;
/** Accuracy drifts: never more than this many observations count. */
const LARGEST_WEIGHT = 150;

export const declaredQuality = (quality: number): QualityKnown => ({ mean: quality, weight: DECLARED_WEIGHT });

export function predictQuality({ mean, weight }: QualityKnown): QualityPrediction {
  return { mean, deviation: Math.sqrt(Math.max(1e-6, mean * (1 - mean)) / weight) };
}

export function learnQuality(known: QualityKnown, score: number, weight: number): QualityKnown {
  const bounded = Math.min(1, Math.max(0, score));
  const total = Math.min(LARGEST_WEIGHT, known.weight + weight);
  return { mean: known.mean + ((bounded - known.mean) * weight) / total, weight: total };
}
