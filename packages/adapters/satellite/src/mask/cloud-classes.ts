/** Numbers of the mask that is made of probabilities. */
export const cloudClasses = { clear: 0, cloud: 1, unknown: 255 } as const;

/** What certainty is in the bands of probabilities that are known: per cent of Sen2Cor, bytes of s2cloudless. */
export const fullScales: Readonly<Record<string, number>> = { "cloud-probability": 100, clp: 255 };
