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

/** `score`: on the scale of declared qualities; a single one may lie above 1. */
export function learnQuality(known: QualityKnown, score: number, weight: number): QualityKnown {
  const total = Math.min(LARGEST_WEIGHT, known.weight + weight);
  const mean = known.mean + ((Math.max(0, score) - known.mean) * weight) / total;
  return { mean: Math.min(1, mean), weight: total };
}

/**
 * How people score a model's answers, against the declared quality of its variants. Declared qualities are
 * relative to the best variant and people's scores are not: who gives four stars to everything must not make the one
 * variant that is used look worse than those that are not.
 */
export interface FeedbackLevel {
  readonly scores: number;
  readonly expected: number;
}

/** Before anybody has scored: on the declared scale, worth two scores. */
export const noLevel: FeedbackLevel = { scores: 2, expected: 2 };
/** Long against a variant's own memory, so that a drop is first of all the variant's. */
const LEVEL_MEMORY = 1500;
const SMALLEST_LEVEL = 0.05;

export function learnLevel(level: FeedbackLevel, score: number, expected: number, weight: number): FeedbackLevel {
  const kept = level.expected > LEVEL_MEMORY ? LEVEL_MEMORY / level.expected : 1;
  return { scores: kept * level.scores + weight * score, expected: kept * level.expected + weight * expected };
}

/** What a score is divided by to be on the declared scale. */
export function levelOf({ scores, expected }: FeedbackLevel): number {
  return Math.max(SMALLEST_LEVEL, scores / Math.max(1e-6, expected));
}
