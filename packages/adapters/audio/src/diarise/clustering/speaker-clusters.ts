import { type Group, groupsOf, joinGroups } from "./group.ts";
import type { Groups, MergeLimit } from "./merge-similar.ts";

/** Groups that are compared with each other at a time: 19 minutes of speech, one embedding each. */
const MOST_GROUPS = 1500;
/** Fewer new ones are not worth a look of their own. */
const LEAST_FRESH = 500;
/** How many embeddings become one group where there are too many. */
const REDUCTION = 10;
/** What is left of all groups when they themselves are too many. */
const KEPT_GROUPS = 500;

/** Tells speakers apart among embeddings that come one after another. */
export interface SpeakerClusters {
  /** A unit vector; all have one length. */
  add(vector: Float32Array): Promise<void>;
  /** The cluster of each vector, and the clusters, by first appearance. */
  end(limit: MergeLimit): Promise<SpeakerLabels>;
}

export interface SpeakerLabels {
  readonly labels: Int32Array;
  readonly clusters: readonly Group[];
}

/**
 * Agglomerative clustering within fixed bounds, whatever the length of the recording: never are more than 1,500 groups
 * compared. When there are so many, the most similar of the new ones are merged until a tenth is left; the end compares what
 * there is. So 19 minutes of speech are clustered by average linkage as it is, hours by average linkage of groups of ten and
 * more. Time O(n); memory 9 MB for similarities, 1,500 vectors, and a label for each embedding.
 */
export function createSpeakerClusters(
  merge: (groups: Groups, limit: MergeLimit) => Promise<Int32Array>,
): SpeakerClusters {
  /** Group of each embedding. */
  let labels: number[] = [];
  let groups: Group[] = [];
  /** How many of the groups, at their beginning, were merged before. */
  let settled = 0;

  const reduce = async (first: number, limit: MergeLimit): Promise<void> => {
    const part = groups.slice(first);
    const places = await merge(groupsOf(part), limit);
    groups = [...groups.slice(0, first), ...joinGroups(part, places)];
    labels = labels.map((label) => (label < first ? label : first + (places[label - first] ?? 0)));
    settled = groups.length;
  };
  return {
    async add(vector) {
      labels.push(groups.length);
      groups.push({ mean: vector, count: 1 });
      if (groups.length < MOST_GROUPS) return;
      const fresh = groups.length - settled;
      if (fresh < LEAST_FRESH) await reduce(0, { threshold: Infinity, most: KEPT_GROUPS });
      else await reduce(settled, { threshold: Infinity, most: Math.ceil(fresh / REDUCTION) });
    },
    async end(limit) {
      if (groups.length > 0) await reduce(0, limit);
      return { labels: Int32Array.from(labels), clusters: groups };
    },
  };
}
