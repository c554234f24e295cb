import { similarityOf } from "./group.ts";
import type { SpeakerLabels } from "./speaker-clusters.ts";

/**
 * Clusters of fewer embeddings than `least` (a cough, two people at once) become part of the most similar one that has
 * enough. Where none has enough, all stay as they are.
 */
export function absorbRare({ labels, clusters }: SpeakerLabels, least: number): Int32Array {
  const common = clusters.flatMap(({ count }, label) => (count >= least ? [label] : []));
  if (common.length === 0) return labels;
  const targets = clusters.map((cluster, label) => {
    if (cluster.count >= least) return label;
    const likeness = common.map((other) => similarityOf(cluster, clusters[other] ?? cluster));
    return common[likeness.indexOf(Math.max(...likeness))] ?? label;
  });
  return labels.map((label) => targets[label] ?? label);
}
