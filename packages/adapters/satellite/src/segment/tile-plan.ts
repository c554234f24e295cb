/** Weight of what lies so near to the edge of a tile that the model saw too little around it: something, where nothing else is. */
const LEAST_WEIGHT = 1e-6;

/** First pixels of tiles along a side: they overlap, and the last one ends where the side does (unless it is shorter). */
export function tileStarts(sidePixels: number, tilePixels: number, overlapPixels: number): readonly number[] {
  const starts = [0];
  const step = tilePixels - overlapPixels;
  for (let start = step; start + overlapPixels < sidePixels; start += step)
    starts.push(Math.min(start, Math.max(0, sidePixels - tilePixels)));
  return starts;
}

/**
 * Weights along a side of a tile: a raised cosine over the middle half of the overlap, so that those of two neighbours add up
 * to one there. In the outer quarter, where the model saw past the edge, nothing counts; in the inner quarter all does.
 */
export function blendWeights(tilePixels: number, overlapPixels: number): Float32Array<ArrayBuffer> {
  const margin = overlapPixels / 4;
  return Float32Array.from({ length: tilePixels }, (_, pixel) => {
    const fromEdge = Math.min(pixel, tilePixels - 1 - pixel) + 0.5;
    const share = overlapPixels === 0 ? 1 : Math.min(1, Math.max(0, (fromEdge - margin) / (overlapPixels / 2)));
    return Math.max(LEAST_WEIGHT, (1 - Math.cos(Math.PI * share)) / 2);
  });
}
