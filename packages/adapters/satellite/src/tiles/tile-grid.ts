import type { Grid } from "../grid/grid.ts";

/** Address of a tile of the web's maps: zoom, column from the west, row from the north. */
export interface TileAddress {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** Half of the equator in the metres of EPSG:3857. */
const HALF_METRES = 20_037_508.342789244;
const TILE_PIXELS = 256;
/** Beyond this a pixel is less than four millimetres. */
const MAX_ZOOM = 25;

/** Pixels of a tile; undefined for an address that does not exist. `scale` 2: twice as many along each side. */
export function gridOfTile({ z, x, y }: TileAddress, scale = 1): Grid | undefined {
  const count = 2 ** z;
  const isTile = [z, x, y].every((number) => Number.isInteger(number) && number >= 0) && x < count && y < count;
  if (!isTile || z > MAX_ZOOM) return undefined;
  const side = (2 * HALF_METRES) / count;
  const pixel = side / (TILE_PIXELS * scale);
  return {
    crs: "EPSG:3857",
    affine: [pixel, 0, -HALF_METRES + x * side, 0, -pixel, HALF_METRES - y * side],
    widthPixels: TILE_PIXELS * scale,
    heightPixels: TILE_PIXELS * scale,
  };
}
