import type { Position } from "../modalities/features/features-schema.ts";

interface Segment {
  readonly from: Position;
  readonly to: Position;
  readonly west: number;
  readonly east: number;
}

/**
 * A place where the rings of a polygon cross themselves or one another; undefined when they do not. Touching is no crossing.
 * Segments sorted by their western ends are compared where their widths overlap: fast for outlines as people draw them.
 */
export function crossingOf(rings: readonly (readonly Position[])[]): Position | undefined {
  const segments = rings.flatMap(segmentsOf).toSorted((a, b) => a.west - b.west);
  let active: Segment[] = [];
  for (const segment of segments) {
    active = active.filter(({ east }) => east >= segment.west);
    for (const other of active) {
      const crossing = properCrossing(segment, other);
      if (crossing !== undefined) return crossing;
    }
    active.push(segment);
  }
  return undefined;
}

function segmentsOf(ring: readonly Position[]): readonly Segment[] {
  return ring.slice(1).map((to, index) => {
    const from = ring[index] ?? to;
    return { from, to, west: Math.min(from[0], to[0]), east: Math.max(from[0], to[0]) };
  });
}

/** Where two segments cross inside both of them. */
function properCrossing(a: Segment, b: Segment): Position | undefined {
  const fromSide = side(a, b.from);
  const toSide = side(a, b.to);
  if (fromSide * toSide >= 0 || side(b, a.from) * side(b, a.to) >= 0) return undefined;
  const share = fromSide / (fromSide - toSide);
  return [b.from[0] + share * (b.to[0] - b.from[0]), b.from[1] + share * (b.to[1] - b.from[1])];
}

/** Twice the area of the triangle of a segment and a place: positive when the place lies left of it. */
function side({ from, to }: Segment, [x, y]: Position): number {
  return (to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]);
}
