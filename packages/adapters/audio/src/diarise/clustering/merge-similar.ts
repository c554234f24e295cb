/** Groups of embeddings, each as the mean of its unit vectors and how many they are. */
export interface Groups {
  /** [groups, dimensions], row-major. */
  readonly means: Float32Array;
  readonly counts: Int32Array;
  readonly dimensions: number;
}

/** When merging ends. */
export interface MergeLimit {
  /** Least mean similarity of two groups that may be merged. */
  readonly threshold: number;
  /** Merging goes on, however unlike the groups, until there are no more than this. */
  readonly most?: number | undefined;
  /** Merging ends, however alike they are, when there are no more than this. */
  readonly fewest?: number | undefined;
}

/**
 * Agglomerative clustering by average linkage of the cosine similarity: which cluster each group falls into, numbered by
 * first appearance. The mean of unit vectors is all that average linkage needs: the mean similarity of all pairs of two
 * groups is the product of their means. Nearest-neighbour chains (Murtagh 1983; average linkage is reducible, so that the
 * merges are those of the greedy way): time O(n^2), memory 4 n^2 bytes.
 */
export function mergeSimilar({ means, counts, dimensions }: Groups, limit: MergeLimit): Int32Array<ArrayBuffer> {
  const n = counts.length;
  const merges = chainMerges(similarities(means, n, dimensions), Float64Array.from(counts), limit);
  const roots = Int32Array.from({ length: n }, (_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (roots[root] !== root) root = roots[root] ?? 0;
    for (let at = index; at !== root;) {
      const next = roots[at] ?? 0;
      roots[at] = root;
      at = next;
    }
    return root;
  };
  let clusters = n;
  for (const { one, other, similarity } of merges.toSorted((a, b) => b.similarity - a.similarity)) {
    const mayMerge = similarity >= limit.threshold || clusters > (limit.most ?? Infinity);
    if (!mayMerge || clusters <= (limit.fewest ?? 1)) break;
    roots[rootOf(other)] = rootOf(one);
    clusters--;
  }
  const numbers = new Map<number, number>();
  return Int32Array.from({ length: n }, (_, index) => {
    const root = rootOf(index);
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    return numbers.get(root) ?? 0;
  });
}

interface Merge {
  readonly one: number;
  readonly other: number;
  readonly similarity: number;
}

function similarities(means: Float32Array, n: number, dimensions: number): Float32Array {
  const table = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < dimensions; k++) sum += (means[i * dimensions + k] ?? 0) * (means[j * dimensions + k] ?? 0);
      table[i * n + j] = sum;
      table[j * n + i] = sum;
    }
  }
  return table;
}

/** All merges down to one cluster, in the order they were found; each names one group of either cluster. */
function chainMerges(table: Float32Array, sizes: Float64Array, { fewest = 1 }: MergeLimit): readonly Merge[] {
  const n = sizes.length;
  const isMerged = new Uint8Array(n);
  const merges: Merge[] = [];
  const chain: number[] = [];
  if (n <= fewest) return [];
  while (merges.length < n - 1) {
    if (chain.length === 0) chain.push(isMerged.indexOf(0));
    const top = chain.at(-1) ?? 0;
    const before = chain.at(-2);
    // Of equals the one the chain came from, so that it ends.
    let nearest = before ?? -1;
    let similarity = before === undefined ? -Infinity : (table[top * n + before] ?? 0);
    for (let other = 0; other < n; other++) {
      if (other === top || isMerged[other] === 1) continue;
      const value = table[top * n + other] ?? 0;
      if (value > similarity) {
        similarity = value;
        nearest = other;
      }
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    merges.push({ one: nearest, other: top, similarity });
    joinRows(table, sizes, isMerged, nearest, top);
  }
  return merges;
}

/** Lance and Williams 1967: the merged cluster takes the place of `kept`. */
function joinRows(table: Float32Array, sizes: Float64Array, isMerged: Uint8Array, kept: number, gone: number): void {
  const n = sizes.length;
  const keptSize = sizes[kept] ?? 0;
  const size = keptSize + (sizes[gone] ?? 0);
  isMerged[gone] = 1;
  sizes[kept] = size;
  for (let other = 0; other < n; other++) {
    if (isMerged[other] === 1 || other === kept) continue;
    const value =
      ((table[kept * n + other] ?? 0) * keptSize + (table[gone * n + other] ?? 0) * (size - keptSize)) / size;
    table[kept * n + other] = value;
    table[other * n + kept] = value;
  }
}
