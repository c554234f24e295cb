import type { SegmentModel } from "./segment-options.ts";
import type { TileAnswer } from "./model-tiles.ts";
import { blendWeights } from "./tile-plan.ts";

/** Probabilities of the classes along a strip of a scene, as tiles add to them. */
export interface Blend {
  /** Adds a tile whose first row is the first of the strip. */
  add(tile: TileAnswer): void;
  /** Takes the first rows off, class after class, each row by row; what is left moves up. */
  take(rows: number): readonly Float32Array<ArrayBuffer>[];
}

/** Blends tiles by their weights; a strip is as high as a tile and as wide as the scene. */
export function createBlend(model: SegmentModel, widthPixels: number): Blend {
  const { tilePixels, overlapPixels, classes } = model;
  const along = blendWeights(tilePixels, overlapPixels);
  const length = tilePixels * widthPixels;
  const sums = classes.map(() => new Float32Array(length));
  const weights = new Float32Array(length);
  const probabilities = new Float32Array(classes.length);

  return {
    add({ start, values, isWhole }) {
      const pixels = tilePixels * tilePixels;
      const width = Math.min(tilePixels, widthPixels - start);
      for (let y = 0; y < tilePixels; y++)
        for (let x = 0; x < width; x++) {
          const weight = (along[y] as number) * (along[x] as number); // within bounds
          const target = y * widthPixels + start + x;
          for (let one = 0; one < probabilities.length; one++)
            probabilities[one] = values[isWhole ? one : one * pixels + y * tilePixels + x] as number; // within bounds
          activate(probabilities, model);
          for (const [one, sum] of sums.entries())
            sum[target] = (sum[target] as number) + weight * (probabilities[one] as number); // within bounds
          weights[target] = (weights[target] as number) + weight; // within bounds
        }
    },
    take(rows) {
      const taken = rows * widthPixels;
      const blended = sums.map((sum) => sum.slice(0, taken).map((value, pixel) => value / (weights[pixel] as number))); // as long
      for (const values of [...sums, weights]) {
        values.copyWithin(0, taken);
        values.fill(0, length - taken);
      }
      return blended;
    },
  };
}

/** Makes probabilities of what a model says of one pixel, in place. */
function activate(values: Float32Array, { activation, classes }: SegmentModel): void {
  const kind = activation ?? (classes.length === 1 ? "sigmoid" : "softmax");
  if (kind === "none") return;
  if (kind === "sigmoid") {
    for (let one = 0; one < values.length; one++) values[one] = 1 / (1 + Math.exp(-(values[one] as number))); // within bounds
    return;
  }
  let most = -Infinity;
  for (const value of values) most = Math.max(most, value);
  let sum = 0;
  for (let one = 0; one < values.length; one++) {
    const power = Math.exp((values[one] as number) - most); // within bounds
    values[one] = power;
    sum += power;
  }
  for (let one = 0; one < values.length; one++) values[one] = (values[one] as number) / sum; // within bounds
}
