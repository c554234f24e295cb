import type { RunContext } from "@stargate/kernel";
import { tiffHead, type TiffLayout, tileBytesOf, tilesOf } from "./tiff-layout.ts";

/**
 * A GeoTIFF out of its tiles, as they come (left to right, top to bottom; compressed as the layout says). Never held in
 * memory: without compression it is written through, with compression the tiles wait in scratch until their sizes are known.
 */
export async function writeTiff(
  layout: TiffLayout,
  tiles: AsyncIterable<Uint8Array>,
  { scratch }: Pick<RunContext, "scratch">,
): Promise<Blob> {
  const { across, down } = tilesOf(layout.grid);
  const sizes = new Float64Array(across * down);
  if (layout.compression === "none") {
    sizes.fill(tileBytesOf(layout.dtype));
    return scratch.put(concatenated(tiffHead(layout, sizes), tiles), mediaType);
  }
  const body = await scratch.put(measured(tiles, sizes), "application/octet-stream");
  return scratch.put(concatenated(tiffHead(layout, sizes), body.stream()), mediaType);
}

const mediaType = "image/tiff";

async function* concatenated(head: Uint8Array, tail: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* tail;
}

async function* measured(tiles: AsyncIterable<Uint8Array>, sizes: Float64Array): AsyncGenerator<Uint8Array> {
  let index = 0;
  for await (const tile of tiles) {
    sizes[index] = tile.byteLength;
    index += 1;
    yield tile;
  }
}
