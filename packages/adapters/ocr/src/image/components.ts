import type { InkMask } from "./ink-mask.ts";

/** Connected ink: mostly a letter. Edges in pixels; right and bottom are exclusive. */
export interface Component {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Ink pixels. */
  readonly area: number;
}

/** Connected components of ink (8-connected), two passes with union-find. */
export function findComponents(mask: InkMask): readonly Component[] {
  const { data, widthPixels: width, heightPixels: height } = mask;
  const labels = new Int32Array(data.length);
  const parents: number[] = [0];
  const find = (label: number): number => {
    let root = label;
    while ((parents[root] ?? root) !== root) root = parents[root] ?? root;
    for (let at = label; at !== root;) {
      const next = parents[at] ?? root;
      parents[at] = root;
      at = next;
    }
    return root;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (data[at] === 0) continue;
      const left = x > 0 ? (labels[at - 1] ?? 0) : 0;
      let label = left;
      if (y > 0) {
        for (let dx = x > 0 ? -1 : 0; dx <= (x < width - 1 ? 1 : 0); dx++) {
          const above = labels[at - width + dx] ?? 0;
          if (above === 0 || above === label) continue;
          if (label === 0) label = above;
          else parents[Math.max(find(label), find(above))] = Math.min(find(label), find(above));
        }
      }
      if (label === 0) {
        label = parents.length;
        parents.push(label);
      }
      labels[at] = label;
    }
  }
  return measure(labels, parents.length, find, width, height);
}

function measure(
  labels: Int32Array,
  count: number,
  find: (label: number) => number,
  width: number,
  height: number,
): readonly Component[] {
  const left = new Int32Array(count).fill(width);
  const right = new Int32Array(count);
  const top = new Int32Array(count).fill(height);
  const bottom = new Int32Array(count);
  const area = new Int32Array(count);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const label = labels[y * width + x] ?? 0;
      if (label === 0) continue;
      const root = find(label);
      area[root] = (area[root] ?? 0) + 1;
      if (x < (left[root] ?? 0)) left[root] = x;
      if (x >= (right[root] ?? 0)) right[root] = x + 1;
      if (y < (top[root] ?? 0)) top[root] = y;
      if (y >= (bottom[root] ?? 0)) bottom[root] = y + 1;
    }
  }
  const components: Component[] = [];
  for (let label = 1; label < count; label++) {
    if ((area[label] ?? 0) === 0) continue;
    components.push({
      left: left[label] ?? 0,
      top: top[label] ?? 0,
      right: right[label] ?? 0,
      bottom: bottom[label] ?? 0,
      area: area[label] ?? 0,
    });
  }
  return components;
}

/**
 * Components that can be letters: neither specks nor rules nor pictures. `size` is the median of their longer sides,
 * close to the height of a capital letter.
 */
export function textComponents(components: readonly Component[]): {
  readonly letters: readonly Component[];
  readonly sizePixels: number;
} {
  const candidates = components.filter((component) => {
    const width = component.right - component.left;
    const height = component.bottom - component.top;
    const longer = Math.max(width, height);
    const shorter = Math.min(width, height);
    return (
      longer >= 4 && longer <= 160 && shorter >= 2 && longer <= shorter * 10 && component.area >= width * height * 0.12
    );
  });
  const sizes = candidates
    .map((component) => Math.max(component.right - component.left, component.bottom - component.top))
    .sort((a, b) => a - b);
  const sizePixels = sizes[Math.floor(sizes.length * 0.5)] ?? 0;
  const letters = candidates.filter((component) => {
    const longer = Math.max(component.right - component.left, component.bottom - component.top);
    return longer >= sizePixels * 0.5 && longer <= sizePixels * 4;
  });
  return { letters, sizePixels };
}
