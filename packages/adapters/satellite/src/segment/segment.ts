import { promisify } from "node:util";
import { deflate } from "node:zlib";
import type { RunContext } from "@stargate/kernel";
import { windowGrid } from "../grid/affine.ts";
import type { Raster, RasterBand } from "../modalities/raster/raster-schema.ts";
import type { OpenScene } from "../read/open-scene.ts";
import { writeTiff } from "../write/write-tiff.ts";
import { createBlend } from "./blend.ts";
import { modelTiles } from "./model-tiles.ts";
import { NO_CLASS, outputLines, type SegmentedRows } from "./output-lines.ts";
import type { SegmentModel } from "./segment-options.ts";
import { shareOut } from "./share-out.ts";
import { tileStarts } from "./tile-plan.ts";

const compress = promisify<Uint8Array, { readonly level: number }, Uint8Array>(deflate);
/** zlib's fastest: classes are large areas of one number. */
const DEFLATE_LEVEL = 1;

/** Runs of the model under way at once: one is prepared while another computes. */
const RUNS_AT_ONCE = 2;

export interface SegmentedScene {
  readonly raster: Raster;
  readonly observedPixels: number;
  /** Tiles the model was asked about. */
  readonly tiles: number;
}

type SegmentContext = Pick<RunContext, "compute" | "scratch" | "signal" | "progress">;

interface SegmentWork {
  readonly model: SegmentModel;
  readonly output: "classes" | "probabilities";
}

/**
 * What each pixel of a scene is, by a model: as classes, or as the probability of each. In tiles that overlap and are blended,
 * strip by strip; memory holds a strip of the scene as high as a tile, for each band and each class.
 */
export async function segmentScene(
  scene: OpenScene,
  { model, output }: SegmentWork,
  context: SegmentContext,
): Promise<SegmentedScene> {
  const { grid } = scene;
  const counts = { observed: 0, tiles: 0 };
  const lines = outputLines(segmentedRows(scene, model, counts, context), grid, output);
  const bands: RasterBand[] = [];
  const common = { sample: 0, grid } as const;
  if (output === "classes") {
    const layout = { grid, dtype: "uint8", compression: "deflate", nodata: NO_CLASS, description: "class" } as const;
    const tiles = (async function* () {
      for await (const [line = []] of lines)
        yield* await Promise.all(line.map((tile) => compress(tile, { level: DEFLATE_LEVEL })));
    })();
    const blob = await writeTiff(layout, tiles, context);
    bands.push({ ...common, name: "class", holds: "classes", dtype: "uint8", nodata: NO_CLASS, source: { kind: "file", blob } }); // prettier-ignore
  } else {
    const share = shareOut(lines, model.classes.length);
    const layout = { grid, dtype: "float32", compression: "none", nodata: Number.NaN } as const;
    const blobs = await Promise.all(
      model.classes.map((description, index) => {
        const tiles = (async function* () {
          for await (const line of share()) yield* line[index] ?? [];
        })();
        return writeTiff({ ...layout, description }, tiles, context);
      }),
    );
    for (const [index, blob] of blobs.entries())
      bands.push({ ...common, name: model.classes[index] ?? "class", holds: "other", dtype: "float32", source: { kind: "file", blob } }); // prettier-ignore
  }
  const { id, product, acquiredAt, catalogue } = scene.raster;
  return {
    raster: {
      id,
      product,
      ...(acquiredAt !== undefined && { acquiredAt }),
      ...(catalogue !== undefined && { catalogue }),
      bands,
    },
    observedPixels: counts.observed,
    tiles: counts.tiles,
  };
}

/** Rows of a scene as soon as no further tile adds to them, from the top. */
async function* segmentedRows(
  scene: OpenScene,
  model: SegmentModel,
  counts: { observed: number; tiles: number },
  { compute, signal, progress }: SegmentContext,
): AsyncGenerator<SegmentedRows> {
  const { grid } = scene;
  const { widthPixels, heightPixels } = grid;
  const { tilePixels, overlapPixels, batchTiles } = model;
  const blend = createBlend(model, widthPixels);
  const tops = tileStarts(heightPixels, tilePixels, overlapPixels);
  const starts = tileStarts(widthPixels, tilePixels, overlapPixels);
  for (const [index, top] of tops.entries()) {
    const height = Math.min(tilePixels, heightPixels - top);
    const read = await scene.read(windowGrid(grid, { column: 0, row: top, widthPixels, heightPixels: height }));
    const bands = model.bands.map((name) => read.bands[name] ?? new Float32Array(widthPixels * height));
    const rows = { bands, widthPixels, heightPixels: height };
    // Where nothing is clear the model need not be asked; something must be there to be blended all the same.
    const wanted = starts.filter((start) => isSeen(rows, start, tilePixels));
    counts.tiles += wanted.length;
    const batches = Array.from({ length: Math.ceil(wanted.length / batchTiles) }, (_, batch) =>
      wanted.slice(batch * batchTiles, (batch + 1) * batchTiles),
    );
    let next = 0;
    const work = async (): Promise<void> => {
      for (let batch = batches[next++]; batch !== undefined; batch = batches[next++])
        for (const tile of await modelTiles(rows, batch, { model, compute, signal })) blend.add(tile);
    };
    await Promise.all(Array.from({ length: RUNS_AT_ONCE }, work));
    const done = (tops[index + 1] ?? heightPixels) - top;
    const [first = new Float32Array(0)] = bands;
    const clear = Uint8Array.from(first.subarray(0, done * widthPixels), (value) => (Number.isNaN(value) ? 0 : 1));
    for (const one of clear) counts.observed += one;
    yield { probabilities: blend.take(done), clear, heightPixels: done };
    progress((top + done) * widthPixels, heightPixels * widthPixels);
  }
}

function isSeen(
  { bands: [first], widthPixels, heightPixels }: Parameters<typeof modelTiles>[0],
  start: number,
  tilePixels: number,
): boolean {
  const end = Math.min(widthPixels, start + tilePixels);
  for (let row = 0; row < heightPixels; row++)
    for (let column = start; column < end; column++)
      if (!Number.isNaN(first?.[row * widthPixels + column])) return true;
  return false;
}
