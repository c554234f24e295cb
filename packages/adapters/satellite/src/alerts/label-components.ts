/** Pixels that hang together, each pixel in exactly one component. */
export interface Components {
  /** For each pixel of the grid: 0 for none, else the number of its component, from 1 in the order of first pixels. */
  readonly labels: Int32Array;
  readonly count: number;
}

export interface LabelOptions {
  readonly widthPixels: number;
  /** Whether pixels that touch only with a corner hang together: 8, else 4. */
  readonly connectivity: 4 | 8;
  /** Whether two neighbours that are both inside belong together; always when absent. */
  readonly sameGroup?: (pixel: number, neighbour: number) => boolean;
}

/**
 * Connected components by union-find over one pass of the rows (Wu, Otoo and Suzuki 2009), linear in pixels.
 * `inside` is not 0 where a pixel takes part, row by row.
 */
export function labelComponents(
  inside: Uint8Array,
  { widthPixels, connectivity, sameGroup }: LabelOptions,
): Components {
  const labels = new Int32Array(inside.length);
  const parents: number[] = [0];
  const rootOf = (label: number): number => {
    let root = label;
    while ((parents[root] ?? root) !== root) root = parents[root] ?? root;
    for (let at = label; at !== root;) {
      const next = parents[at] ?? root;
      parents[at] = root;
      at = next;
    }
    return root;
  };
  const offsets = connectivity === 8 ? [-1, -widthPixels - 1, -widthPixels, -widthPixels + 1] : [-1, -widthPixels];
  for (
    let pixel = 0, column = 0;
    pixel < inside.length;
    pixel++, column = column + 1 === widthPixels ? 0 : column + 1
  ) {
    if (inside[pixel] === 0) continue;
    let label = 0;
    for (const offset of offsets) {
      const neighbour = pixel + offset;
      if (neighbour < 0 || (column === 0 && (offset === -1 || offset === -widthPixels - 1))) continue;
      if (column === widthPixels - 1 && offset === -widthPixels + 1) continue;
      const other = labels[neighbour] ?? 0;
      if (other === 0 || sameGroup?.(pixel, neighbour) === false) continue;
      const root = rootOf(other);
      if (label === 0) label = root;
      else if (root !== label) {
        const [low, high] = root < label ? [root, label] : [label, root];
        parents[high] = low;
        label = low;
      }
    }
    if (label === 0) {
      label = parents.length;
      parents.push(label);
    }
    labels[pixel] = label;
  }
  return { labels, count: renumber(labels, parents, rootOf) };
}

/** Numbers components from 1 in the order in which their first pixels come. */
function renumber(labels: Int32Array, parents: readonly number[], rootOf: (label: number) => number): number {
  const numbers = new Int32Array(parents.length);
  let count = 0;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel] ?? 0;
    if (label === 0) continue;
    const root = rootOf(label);
    if (numbers[root] === 0) numbers[root] = ++count;
    labels[pixel] = numbers[root] ?? 0;
  }
  return count;
}
