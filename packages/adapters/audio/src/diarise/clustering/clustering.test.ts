import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absorbRare } from "./absorb-rare.ts";
import { groupsOf, similarityOf } from "./group.ts";
import { mergeSimilar, type MergeLimit } from "./merge-similar.ts";
import { createSpeakerClusters, type SpeakerLabels } from "./speaker-clusters.ts";

const DIMENSIONS = 16;

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values) || 1;
  return Float32Array.from(values, (value) => value / length);
}

/** Reproducible numbers from -1 to 1. */
function createNoise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Embeddings of a speaker: one direction, and what a voice differs from itself. */
function voices(seed: number, spread: number): (speaker: number) => Float32Array {
  const next = createNoise(seed);
  return (speaker) =>
    unit(Array.from({ length: DIMENSIONS }, (_, k) => (k === speaker % DIMENSIONS ? 1 : 0) + spread * next()));
}

/** Numbered by first appearance, so that two ways to name the same clusters are equal. */
function renumbered(labels: Iterable<number>): number[] {
  const numbers = new Map<number, number>();
  return Array.from(labels, (label) => {
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label) ?? -1;
  });
}

/** The definition: the two clusters of the largest mean similarity are merged, again and again. */
function greedily(vectors: readonly Float32Array[], { threshold, most = Infinity, fewest = 1 }: MergeLimit): number[] {
  let clusters = vectors.map((_, index) => [index]);
  const likeness = (one: readonly number[], other: readonly number[]): number => {
    let sum = 0;
    for (const i of one)
      for (const j of other)
        for (let k = 0; k < DIMENSIONS; k++) sum += (vectors[i]?.[k] ?? 0) * (vectors[j]?.[k] ?? 0);
    return sum / one.length / other.length;
  };
  for (;;) {
    const pairs = clusters.flatMap((one, i) =>
      clusters.slice(0, i).map((other) => ({ one, other, similarity: likeness(one, other) })),
    );
    const best = pairs.toSorted((a, b) => b.similarity - a.similarity)[0];
    if (best === undefined || clusters.length <= fewest) break;
    if (best.similarity < threshold && clusters.length <= most) break;
    clusters = [...clusters.filter((one) => one !== best.one && one !== best.other), [...best.one, ...best.other]];
  }
  return renumbered(vectors.map((_, index) => clusters.findIndex((cluster) => cluster.includes(index))));
}

const merge = (vectors: readonly Float32Array[], limit: MergeLimit): number[] => [
  ...mergeSimilar(groupsOf(vectors.map((mean) => ({ mean, count: 1 }))), limit),
];
const vectorsOf = fc
  .tuple(fc.integer(), fc.integer({ min: 1, max: 24 }), fc.constantFrom(0.2, 1, 3))
  .map(([seed, count, spread]) => {
    const voice = voices(seed, spread);
    return Array.from({ length: count }, (_, index) => voice(index % 4));
  });

describe("merging what is alike", () => {
  test("is average linkage, merge by merge, however it ends", () => {
    const limit = fc.record({
      threshold: fc.constantFrom(-1, 0, 0.3, 0.7, Infinity),
      most: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
      fewest: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(vectorsOf, limit, (vectors, asked) => {
        expect(merge(vectors, asked)).toEqual(greedily(vectors, asked));
      }),
    );
  });

  test("sees a group as all of its embeddings", () => {
    const voice = voices(7, 0.4);
    const vectors = [0, 0, 0, 1, 1, 2].map(voice);
    const groups = groupsOf([
      { mean: vectors[0]!.map((_, k) => (vectors[0]![k]! + vectors[1]![k]! + vectors[2]![k]!) / 3), count: 3 },
      { mean: vectors[3]!, count: 1 },
      { mean: vectors[4]!, count: 1 },
      { mean: vectors[5]!, count: 1 },
    ]);
    expect([...mergeSimilar(groups, { threshold: -1, fewest: 2 })]).toEqual(
      [0, 3, 4, 5].map((index) => merge(vectors, { threshold: -1, fewest: 2 })[index]),
    );
  });

  test("ends where all are equally alike", () => {
    const same = Array.from({ length: 60 }, (_, index) =>
      unit(Array.from({ length: DIMENSIONS }, (_value, k) => (k === Number(index % 3 === 0) ? 1 : 0))),
    );
    expect(merge(same, { threshold: 0.5 })).toEqual(same.map((_, index) => (index % 3 === 0 ? 0 : 1)));
    const corners = Array.from({ length: 12 }, (_, index) => unit(Array.from({ length: 16 }, (_value, k) => (k === index ? 1 : 0)))); // prettier-ignore
    expect(merge(corners, { threshold: 0.5 })).toEqual(corners.map((_, index) => index));
    expect(new Set(merge(corners, { threshold: Infinity, most: 4 })).size).toBe(4);
  });

  test("has no clusters of nothing", () => {
    expect(merge([], { threshold: 0 })).toEqual([]);
  });
});

describe("speakers of a recording", () => {
  const labelsOf = async (
    speakers: readonly number[],
    { spread, limit }: { spread: number; limit: MergeLimit },
  ): Promise<SpeakerLabels & { readonly largest: number }> => {
    let largest = 0;
    const clusters = createSpeakerClusters(async (groups, asked) => {
      largest = Math.max(largest, groups.counts.length);
      return mergeSimilar(groups, asked);
    });
    const voice = voices(speakers.length, spread);
    for (const speaker of speakers) await clusters.add(voice(speaker));
    return { ...(await clusters.end(limit)), largest };
  };

  test("are told apart by the threshold, or by their number", async () => {
    const speakers = [0, 0, 1, 1, 0, 2, 2, 1];
    expect([...(await labelsOf(speakers, { spread: 0.3, limit: { threshold: 0.5 } })).labels]).toEqual(speakers);
    const two = await labelsOf(speakers, { spread: 0.3, limit: { threshold: -1, fewest: 2, most: 2 } });
    expect(two.clusters.length).toBe(2);
    const four = await labelsOf(speakers, { spread: 0.3, limit: { threshold: Infinity, fewest: 4, most: 4 } });
    expect(four.clusters.length).toBe(4);
  });

  test("are found in hours of speech without ever comparing more than 1,500 groups", async () => {
    const next = createNoise(3);
    // Five hours of windows of 0.75 s, five people; turns of a minute at most.
    const speakers: number[] = [];
    while (speakers.length < 24_000) {
      const speaker = Math.floor((next() + 1) * 2.5);
      const length = 1 + Math.floor((next() + 1) * 40);
      for (let at = 0; at < length; at++) speakers.push(speaker);
    }
    const { labels, clusters, largest } = await labelsOf(speakers, { spread: 0.3, limit: { threshold: 0.5 } });
    expect(largest).toBeLessThanOrEqual(1500);
    expect(clusters.reduce((sum, { count }) => sum + count, 0)).toBe(speakers.length);
    expect(agreement(labels, speakers)).toBeGreaterThan(0.999);
  });

  test("that hardly speak become part of the most similar one, where there is one", async () => {
    const found = await labelsOf([0, 0, 0, 0, 1, 1, 1, 2], { spread: 0.2, limit: { threshold: 0.5 } });
    const nearest = similarityOf(found.clusters[2]!, found.clusters[0]!) > similarityOf(found.clusters[2]!, found.clusters[1]!) ? 0 : 1; // prettier-ignore
    expect([...absorbRare(found, 3)]).toEqual([0, 0, 0, 0, 1, 1, 1, nearest]);
    expect([...absorbRare(found, 5)]).toEqual([...found.labels]);
  });
});

/** Share of embeddings whose cluster stands for their speaker, each cluster for the one it has most of. */
function agreement(labels: Int32Array, speakers: readonly number[]): number {
  const counts = new Map<number, Map<number, number>>();
  for (const [index, label] of labels.entries()) {
    const speaker = speakers[index] ?? -1;
    const own = counts.get(label) ?? new Map<number, number>();
    counts.set(label, own.set(speaker, (own.get(speaker) ?? 0) + 1));
  }
  const most = [...counts.values()].map((own) => Math.max(...own.values()));
  // As many clusters as speakers: otherwise one for each embedding would be perfect.
  return counts.size === new Set(speakers).size ? most.reduce((sum, count) => sum + count, 0) / speakers.length : 0;
}
