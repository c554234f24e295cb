import type { Compute, TensorMap } from "@stargate/kernel";
import { fail } from "../satellite-errors.ts";
import { segmentModelId } from "./segment-models.ts";
import type { SegmentModel } from "./segment-options.ts";

/** Bands of some rows of a scene, NaN where nothing clear was observed. */
export interface SceneRows {
  readonly bands: readonly Float32Array[];
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** What a model says of one tile: for each class the tile's pixels, or one number for all of them. */
export interface TileAnswer {
  readonly start: number;
  readonly values: Float32Array;
  readonly isWhole: boolean;
}

/**
 * Runs the model on tiles that begin at these columns of the rows. What was not observed, or lies outside, is the mean of
 * its band. Throws SG_SATELLITE_SEGMENT when the answer is not of the shape that was declared, and what the plane throws.
 */
export async function modelTiles(
  rows: SceneRows,
  starts: readonly number[],
  { model, compute, signal }: { model: SegmentModel; compute: Compute; signal: AbortSignal },
): Promise<readonly TileAnswer[]> {
  const { bands, tilePixels, classes, input, output } = model;
  const pixels = tilePixels * tilePixels;
  const data = new Float32Array(starts.length * bands.length * pixels);
  for (const [tile, start] of starts.entries())
    for (let band = 0; band < bands.length; band++)
      cutTile(rows, band, start, { data, at: (tile * bands.length + band) * pixels, model });
  const shape = [starts.length, bands.length, tilePixels, tilePixels];
  const inputs: TensorMap = { [input]: { dtype: "float32", shape, data } };
  const answer = (await compute.run(segmentModelId(model), inputs, { signal }))[output];
  const whole = [starts.length, classes.length];
  const found = answer?.shape.join(" x ") ?? "nothing";
  const isWhole = found === whole.join(" x ");
  const values = answer?.data;
  if (!(values instanceof Float32Array) || (!isWhole && found !== [...whole, tilePixels, tilePixels].join(" x ")))
    throw fail(
      "SG_SATELLITE_SEGMENT",
      `Output "${output}" of model "${segmentModelId(model)}" is ${answer?.dtype ?? ""} ${found}; wanted are float32 ${[...whole, tilePixels, tilePixels].join(" x ")} or ${whole.join(" x ")}`,
    );
  const size = classes.length * (isWhole ? 1 : pixels);
  return starts.map((start, tile) => ({ start, isWhole, values: values.subarray(tile * size, (tile + 1) * size) }));
}

function cutTile(
  { bands, widthPixels, heightPixels }: SceneRows,
  band: number,
  start: number,
  { data, at, model }: { data: Float32Array; at: number; model: SegmentModel },
): void {
  const { tilePixels, normalise } = model;
  const source = bands[band] as Float32Array; // the caller has one for each
  const mean = normalise?.mean[band] ?? 0;
  const std = normalise?.std[band] ?? 1;
  const width = Math.min(tilePixels, widthPixels - start);
  for (let y = 0; y < Math.min(tilePixels, heightPixels); y++) {
    const from = y * widthPixels + start;
    const to = at + y * tilePixels;
    for (let x = 0; x < width; x++) {
      const value = source[from + x] as number; // within bounds
      // Zero is the mean once it was subtracted.
      if (!Number.isNaN(value)) data[to + x] = (value - mean) / std;
    }
  }
}
