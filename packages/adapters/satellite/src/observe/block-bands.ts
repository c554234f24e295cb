import { alignedWindow, clippedWindow } from "../grid/affine.ts";
import type { Grid, PixelWindow } from "../grid/grid.ts";
import type { OpenScene, SceneBand } from "../read/open-scene.ts";
import { buffersOf } from "../read/decode/piece-task.ts";
import { fetchMask } from "./block-mask.ts";
import type { BlockBand, BlockMask } from "./index-block-task.ts";

/** What a task needs of a scene for one block, and the memory that is moved to it. */
export interface BlockInput {
  readonly bands: Readonly<Record<string, BlockBand>>;
  readonly states?: Uint8Array<ArrayBuffer> | undefined;
  readonly mask?: BlockMask | undefined;
  readonly buffers: readonly ArrayBuffer[];
}

/**
 * Bands of a block: as they lie in their files where its pixels are those of all bands, so that this thread does nothing for
 * single pixels; else read, resampled and masked here. Throws what reading throws.
 */
export async function blockInput(scene: OpenScene, target: Grid): Promise<BlockInput> {
  const own = scene.radiometry?.confidence === 0 ? [] : scene.bands.flatMap((band) => ownWindow(band, target) ?? []);
  if (own.length < scene.bands.length) {
    const { bands } = await scene.read(target); // what is not clear has no values
    const entries = Object.entries(bands);
    return {
      bands: Object.fromEntries(entries.map(([name, values]) => [name, { kind: "values", values }])),
      buffers: entries.map(([, { buffer }]) => buffer),
    };
  }
  const [known, ...fetched] = await Promise.all([
    blockMask(scene, target),
    ...own.map(async ({ band, window, take }) => ({ band, piece: await take(window) })),
  ]);
  return {
    bands: Object.fromEntries(
      fetched.map(({ band: { name, scale, offset, open }, piece }) => [
        name,
        { kind: "chunks", piece, nodata: open.nodata, scale, offset },
      ]),
    ),
    states: known.states,
    mask: known.mask,
    buffers: [
      ...fetched.flatMap(({ piece }) => buffersOf(piece)),
      ...(known.states === undefined ? [] : [known.states.buffer]),
      ...(known.mask === undefined ? [] : buffersOf(known.mask.piece)),
    ],
  };
}

/** The window of a band that has the very pixels of a grid; undefined where there is none, or it cannot be fetched as it lies. */
function ownWindow(
  band: SceneBand,
  target: Grid,
): { band: SceneBand; window: PixelWindow; take: NonNullable<SceneBand["open"]["fetchWindow"]> } | undefined {
  const { fetchWindow: take, grid, dtype } = band.open;
  const window = alignedWindow(target, grid);
  const isWide = dtype === "uint32" || dtype === "int32" || dtype === "float64";
  if (take === undefined || window === undefined || isWide) return undefined;
  const clipped = clippedWindow(grid, window);
  const isWhole = clipped?.widthPixels === target.widthPixels && clipped.heightPixels === target.heightPixels;
  return isWhole ? { band, window, take } : undefined;
}

/** The mask as it lies in its file where that can be, else what it says, read here. */
async function blockMask(scene: OpenScene, target: Grid): Promise<Pick<BlockInput, "states" | "mask">> {
  const fetched = fetchMask(scene, target);
  return fetched === undefined ? { states: await scene.states(target) } : { mask: await fetched };
}
