/** A closed ring of pixel corners: column and row in turn, the first corner not repeated. */
export type CornerRing = readonly number[];

export interface Outline {
  readonly outer: CornerRing;
  readonly holes: readonly CornerRing[];
}

/** Steps along the edges of pixels, the inside to the right: east, south, west, north. */
const steps = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * Outlines of components that hang together over edges (4-connected), along the edges of their pixels, straight runs as
 * one edge. No ring touches itself, so every outline is a valid polygon (OGC Simple Features, 6.1.11): where pixels meet
 * at a corner only, the ring stays with its pixel, and one that comes back to a corner is cut there.
 * The outline of component n is at n - 1. Linear in pixels.
 */
export function traceOutlines(labels: Int32Array, count: number, widthPixels: number): readonly Outline[] {
  const heightPixels = labels.length / widthPixels;
  const labelAt = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= widthPixels || row >= heightPixels
      ? 0
      : (labels[row * widthPixels + column] ?? 0);
  const outers: (CornerRing | undefined)[] = Array.from({ length: count }, () => undefined);
  const holes: CornerRing[][] = Array.from({ length: count }, () => []);
  // Every ring has an edge that runs east, above one of its pixels: rings are begun there, each once.
  const seen = new Uint8Array(labels.length);
  for (let start = 0; start < labels.length; start++) {
    const label = labels[start] ?? 0;
    const column = start % widthPixels;
    const row = (start - column) / widthPixels;
    if (label === 0 || seen[start] === 1 || labelAt(column, row - 1) === label) continue;
    for (const ring of simpleRings(follow(column, row, label, labelAt, (c, r) => (seen[r * widthPixels + c] = 1)))) {
      if (turnsRight(ring)) outers[label - 1] = ring;
      else holes[label - 1]?.push(ring);
    }
  }
  return outers.map((outer, index) => ({ outer: outer ?? [], holes: holes[index] ?? [] }));
}

/** Walks once around from the upper left corner of a pixel; corners where the way turns. */
function follow(
  startColumn: number,
  startRow: number,
  label: number,
  labelAt: (column: number, row: number) => number,
  markTop: (column: number, row: number) => void,
): CornerRing {
  const ring: number[] = [];
  let [column, row, direction] = [startColumn, startRow, 0];
  do {
    if (direction === 0) markTop(column, row);
    const [right, down] = steps[direction] ?? [0, 0];
    column += right;
    row += down;
    // Right of the way is the own pixel ahead; at a corner where pixels cross, turning right stays with it.
    const isInsideRight = ahead(direction, column, row, true, labelAt) === label;
    const isInsideLeft = ahead(direction, column, row, false, labelAt) === label;
    const turn = isInsideRight ? (isInsideLeft ? 3 : 0) : 1;
    if (turn !== 0) ring.push(column, row);
    direction = (direction + turn) % 4;
  } while (column !== startColumn || row !== startRow || direction !== 0);
  return ring;
}

/** Component of the pixel ahead of a corner, right or left of the way. */
function ahead(
  direction: number,
  column: number,
  row: number,
  isRight: boolean,
  labelAt: (column: number, row: number) => number,
): number {
  switch (direction) {
    case 0:
      return labelAt(column, isRight ? row : row - 1);
    case 1:
      return labelAt(isRight ? column - 1 : column, row);
    case 2:
      return labelAt(column - 1, isRight ? row - 1 : row);
    default:
      return labelAt(isRight ? column : column - 1, row - 1);
  }
}

/** Cuts a ring wherever it comes back to a corner. */
function simpleRings(ring: CornerRing): readonly CornerRing[] {
  const rings: CornerRing[] = [];
  const path: number[] = [];
  const places = new Map<string, number>();
  for (let index = 0; index < ring.length; index += 2) {
    const [column = 0, row = 0] = [ring[index], ring[index + 1]];
    const key = `${column},${row}`;
    const before = places.get(key);
    if (before !== undefined) {
      const loop = path.splice(before);
      for (let at = 0; at < loop.length; at += 2) places.delete(`${loop[at] ?? 0},${loop[at + 1] ?? 0}`);
      rings.push(loop);
    }
    places.set(key, path.length);
    path.push(column, row);
  }
  rings.push(path);
  return rings;
}

/** Whether a ring runs clockwise as one looks at it (rows downwards): around its inside, not around a hole. */
function turnsRight(ring: CornerRing): boolean {
  let twiceArea = 0;
  for (let index = 0; index < ring.length; index += 2) {
    const next = (index + 2) % ring.length;
    twiceArea += (ring[index] ?? 0) * (ring[next + 1] ?? 0) - (ring[next] ?? 0) * (ring[index + 1] ?? 0);
  }
  return twiceArea > 0;
}
