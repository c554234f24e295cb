import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPortableHost } from "@stargate/kernel";
import { seededRandom } from "@stargate/kernel/testing";
import { itemOfRaster } from "@stargate/adapter-satellite";
import { toPlace } from "../../packages/adapters/satellite/src/grid/affine.ts";
import { projectionBetween } from "../../packages/adapters/satellite/src/grid/crs.ts";
import type { Grid } from "../../packages/adapters/satellite/src/grid/grid.ts";
import type { Raster } from "../../packages/adapters/satellite/src/modalities/raster/raster-schema.ts";
import { TILE_PIXELS } from "../../packages/adapters/satellite/src/write/tiff-layout.ts";
import { writeTiff } from "../../packages/adapters/satellite/src/write/write-tiff.ts";

/** A forest of 48 x 48 pixels of 10 m in Slovenia, seen every 10 days, with its seasons, its noise and its clouds. */
export const forestGrid: Grid = {
  crs: "EPSG:32633",
  affine: [10, 0, 465_180, 0, -10, 5_080_250],
  widthPixels: 48,
  heightPixels: 48,
};

/** The clearing: 12 x 10 pixels, 1.2 ha. */
export const clearing = { column: 20, row: 10, widthPixels: 12, heightPixels: 10, since: "2023-06-10" };

const DAY_MS = 86_400_000;
const DAYS_BETWEEN = 10;
const CLOUD = 9;
const VEGETATION = 4;
const WATER = 6;

export interface ForestScene {
  readonly id: string;
  readonly acquiredAt: string;
  readonly green: Uint16Array<ArrayBuffer>;
  readonly red: Uint16Array<ArrayBuffer>;
  readonly nir: Uint16Array<ArrayBuffer>;
  readonly swir22: Uint16Array<ArrayBuffer>;
  readonly scl: Uint8Array<ArrayBuffer>;
}

/** What a satellite would have sent, as Sentinel-2 of baseline 05.09: reflectance · 10000 + 1000. */
export function* forestScenes(from: string, until: string, seed = 7): Generator<ForestScene> {
  const seeded = seededRandom(seed);
  const random = (): number => seeded.next();
  const size = forestGrid.widthPixels * forestGrid.heightPixels;
  for (let time = Date.parse(from); time < Date.parse(until); time += DAYS_BETWEEN * DAY_MS) {
    const date = new Date(time).toISOString();
    const season = Math.cos((2 * Math.PI * (time / DAY_MS - 196)) / 365.25);
    const cloudRow = Math.floor(random() * forestGrid.heightPixels * 3);
    const numbers = (): Uint16Array<ArrayBuffer> => new Uint16Array(size);
    const scene = { green: numbers(), red: numbers(), nir: numbers(), swir22: numbers(), scl: new Uint8Array(size) };
    for (let pixel = 0; pixel < size; pixel++) {
      const [column, row] = [pixel % forestGrid.widthPixels, Math.floor(pixel / forestGrid.widthPixels)];
      const isCloud = Math.abs(row - cloudRow) < 10;
      const isWater = column < 4;
      const ndvi = isWater
        ? -0.3
        : 0.65 + 0.15 * season + (random() - 0.5) * 0.06 - (isCleared(column, row, date) ? 0.35 : 0);
      const red = isCloud ? 0.6 : isWater ? 0.02 : 0.045;
      const nir = isCloud ? 0.62 : (red * (1 + ndvi)) / (1 - ndvi);
      scene.green[pixel] = stored(isCloud ? 0.6 : isWater ? 0.03 : 0.06);
      scene.red[pixel] = stored(red);
      scene.nir[pixel] = stored(nir);
      scene.swir22[pixel] = stored(isCloud ? 0.4 : isWater ? 0.004 : 0.08);
      scene.scl[pixel] = isCloud ? CLOUD : isWater ? WATER : VEGETATION;
    }
    yield { id: `S2A_33TVM_${date.slice(0, 10).replaceAll("-", "")}_0_L2A`, acquiredAt: date, ...scene };
  }
}

/** Reflectance as baselines since 04.00 store it. */
const stored = (reflectance: number): number => Math.round(reflectance * 10_000) + 1000;

function isCleared(column: number, row: number, date: string): boolean {
  return (
    date >= clearing.since &&
    column >= clearing.column &&
    column < clearing.column + clearing.widthPixels &&
    row >= clearing.row &&
    row < clearing.row + clearing.heightPixels
  );
}

const toLonLat = projectionBetween(forestGrid.crs, "EPSG:4326");
const corners = [[0, 48], [48, 48], [48, 0], [0, 0], [0, 48]] as const; // prettier-ignore

/** The whole forest as GeoJSON. */
export const forestArea = {
  type: "Feature",
  properties: { name: "forest" },
  geometry: {
    type: "Polygon",
    coordinates: [corners.map(([column, row]) => toLonLat(...toPlace(forestGrid.affine, column, row)))],
  },
} as const;

const host = createPortableHost();

/** Files of a scene: a GeoTIFF for each band, and the STAC item that names them (`base` stands before their names). */
export async function sceneFiles(
  { id, acquiredAt, ...bands }: ForestScene,
  base = "./",
  grid = forestGrid,
): Promise<ReadonlyMap<string, Uint8Array | string>> {
  const files = new Map<string, Uint8Array | string>();
  const assets: Record<string, object> = {};
  for (const [name, values] of Object.entries(bands)) {
    files.set(`${id}_${name}.tif`, await geoTiff(values, name, grid));
    assets[name] = {
      href: `${base}${id}_${name}.tif`,
      type: "image/tiff; application=geotiff; profile=cloud-optimized",
      "eo:bands": [{ name, common_name: name }],
      "raster:bands": name === "scl" ? [{ nodata: 0 }] : [{ nodata: 0, scale: 0.0001, offset: -0.1 }],
    };
  }
  const like = itemOfRaster(
    {
      id,
      product: "sentinel-2-l2a",
      acquiredAt,
      bands: [
        {
          name: "red",
          holds: "reflectance",
          sample: 0,
          grid,
          source: { kind: "values", values: bands.red },
        },
      ],
    } satisfies Raster,
    "",
  ) as { readonly properties: object };
  const properties = { ...like.properties, "s2:processing_baseline": "05.09", "eo:cloud_cover": 20 };
  files.set(`${id}.json`, JSON.stringify({ ...like, collection: "sentinel-2-l2a", properties, assets }));
  return files;
}

async function geoTiff(
  values: Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
  name: string,
  grid: Grid,
): Promise<Uint8Array> {
  const tile = values instanceof Uint8Array ? new Uint8Array(TILE_PIXELS ** 2) : new Uint16Array(TILE_PIXELS ** 2);
  const { widthPixels, heightPixels } = grid;
  for (let row = 0; row < heightPixels; row++)
    tile.set(values.subarray(row * widthPixels, (row + 1) * widthPixels), row * TILE_PIXELS);
  const { scratch } = host.openScratch({ runId: name, tenant: "test", signal: new AbortController().signal });
  const dtype = values instanceof Uint8Array ? "uint8" : "uint16";
  const blob = await writeTiff(
    { grid, dtype, compression: "none", nodata: 0, description: name },
    (async function* () {
      yield new Uint8Array(tile.buffer);
    })(),
    { scratch },
  );
  return new Uint8Array(await blob.arrayBuffer());
}

/** Writes scenes into a folder, as a catalogue of files. */
export async function writeForest(folder: string, scenes: Iterable<ForestScene>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const scene of scenes)
    for (const [name, content] of await sceneFiles(scene)) await writeFile(join(folder, name), content);
}
