import type { Groups } from "./merge-similar.ts";

/** Embeddings that are one: the mean of their unit vectors, and how many they are. */
export interface Group {
  readonly mean: Float32Array;
  readonly count: number;
}

/** Groups as tables, as they travel to a worker. Throws nothing; the vectors have one length. */
export function groupsOf(groups: readonly Group[]): Groups {
  const dimensions = groups[0]?.mean.length ?? 0;
  const means = new Float32Array(groups.length * dimensions);
  for (const [index, { mean }] of groups.entries()) means.set(mean, index * dimensions);
  return { means, counts: Int32Array.from(groups, ({ count }) => count), dimensions };
}

/** Puts those groups together that have one place. */
export function joinGroups(groups: readonly Group[], places: Int32Array): readonly Group[] {
  const sums = Array.from({ length: 1 + Math.max(-1, ...places) }, () => ({
    sum: new Float64Array(groups[0]?.mean.length ?? 0),
    count: 0,
  }));
  for (const [index, { mean, count }] of groups.entries()) {
    const target = sums[places[index] ?? 0];
    if (target === undefined) continue;
    target.count += count;
    for (let k = 0; k < mean.length; k++) target.sum[k] = (target.sum[k] ?? 0) + (mean[k] ?? 0) * count;
  }
  return sums.map(({ sum, count }) => ({ mean: Float32Array.from(sum, (value) => value / count), count }));
}

/** Mean cosine similarity of all pairs of embeddings of two groups. */
export function similarityOf({ mean: one }: Group, { mean: other }: Group): number {
  let sum = 0;
  for (let k = 0; k < one.length; k++) sum += (one[k] ?? 0) * (other[k] ?? 0);
  return sum;
}
