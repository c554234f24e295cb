import { defineTask, type RunContext } from "@stargate/kernel";
import type { DetectRequest } from "../detect/detect-task.ts";
import type { Detector } from "../detect/detector-options.ts";
import type { MonitorWindow } from "../detect/monitor-window.ts";
import type { PixelChanges } from "../detect/pixel-changes.ts";
import type { PixelWindow } from "../grid/grid.ts";
import type { SceneStack } from "../series/open-stack.ts";
import { TILE_PIXELS } from "../write/tiff-layout.ts";
import { type ChangedPixelsCollector, createChangedPixels } from "./changed-pixels.ts";

const detect = defineTask<DetectRequest, PixelChanges>({
  base: import.meta.url,
  module: "../detect/detect-task",
  export: "detectChanges",
});

/** Numbers of a block that are held at once: 32 MiB of them. */
const BLOCK_VALUES = 8 * 2 ** 20;

export interface WatchBlocksOptions {
  /** For each pixel of the grid whether it belongs to the area. */
  readonly inside: Uint8Array;
  readonly window: MonitorWindow;
  readonly detectors: readonly Detector[];
  /** Least confidence of pixels that are not confirmed. */
  readonly suspectFrom: number;
  /** Told after each block which share of the grid is done. */
  readonly done: (share: number) => void;
}

/** Looks at an area block by block, so that memory depends on neither its size nor the number of its dates. */
export async function watchBlocks(
  stack: SceneStack,
  { inside, window, detectors, suspectFrom, done }: WatchBlocksOptions,
  { offload, signal }: Pick<RunContext, "offload" | "signal">,
): Promise<ChangedPixelsCollector> {
  const { grid, days } = stack;
  const found = createChangedPixels(days, {
    detectors: detectors.map(({ name }) => name),
    gridSize: grid.widthPixels * grid.heightPixels,
    suspectFrom,
  });
  for (const block of blocksOf(grid, days.length)) {
    const pixels = insidePixels(inside, grid.widthPixels, block);
    if (pixels.length > 0) {
      const series = await stack.readBlock(block, pixels);
      const changes = await Promise.all(
        detectors.map((detector) => offload(detect, { series, window, detector }, { signal })),
      );
      found.add(
        pixels.map((pixel) => gridPixelOf(pixel, block, grid.widthPixels)),
        changes,
        series,
      );
    }
    done(((block.row + block.heightPixels) * grid.widthPixels) / (grid.widthPixels * grid.heightPixels));
  }
  return found;
}

/** Blocks as wide as a tile of the files and as high as memory allows. */
function* blocksOf({ widthPixels, heightPixels }: SceneStack["grid"], dates: number): Generator<PixelWindow> {
  const rows = Math.max(16, Math.min(TILE_PIXELS, Math.floor(BLOCK_VALUES / (TILE_PIXELS * dates))));
  for (let row = 0; row < heightPixels; row += rows) {
    for (let column = 0; column < widthPixels; column += TILE_PIXELS) {
      yield {
        column,
        row,
        widthPixels: Math.min(TILE_PIXELS, widthPixels - column),
        heightPixels: Math.min(rows, heightPixels - row),
      };
    }
  }
}

/** Places in the block of the pixels that belong to the area. */
function insidePixels(inside: Uint8Array, gridWidth: number, block: PixelWindow): Uint32Array {
  const pixels: number[] = [];
  for (let pixel = 0; pixel < block.widthPixels * block.heightPixels; pixel++) {
    if (inside[gridPixelOf(pixel, block, gridWidth)] === 1) pixels.push(pixel);
  }
  return Uint32Array.from(pixels);
}

function gridPixelOf(pixel: number, { column, row, widthPixels }: PixelWindow, gridWidth: number): number {
  const inRow = pixel % widthPixels;
  return (row + (pixel - inRow) / widthPixels) * gridWidth + column + inRow;
}
