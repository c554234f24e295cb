import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { deflateSync } from "node:zlib";
import { createPortableHost } from "@stargate/kernel";
import type { Grid } from "../../packages/adapters/satellite/src/grid/grid.ts";
import { TILE_PIXELS, tilesOf } from "../../packages/adapters/satellite/src/write/tiff-layout.ts";
import { writeTiff } from "../../packages/adapters/satellite/src/write/write-tiff.ts";
import { findProgram } from "./python-peers.ts";

/** Pixels along a side of a tile of Sentinel-2 at 10 m. */
export const SIDE_PIXELS = 10_980;

const grid = {
  crs: "EPSG:32633",
  affine: [10, 0, 399_960, 0, -10, 5_100_000],
  widthPixels: SIDE_PIXELS,
  heightPixels: SIDE_PIXELS,
} as const;
const coarseGrid: Grid = {
  ...grid,
  affine: [20, 0, 399_960, 0, -20, 5_100_000],
  widthPixels: SIDE_PIXELS / 2,
  heightPixels: SIDE_PIXELS / 2,
};

const bands = {
  red: { low: 300, high: 1200, phase: 1 },
  nir: { low: 2500, high: 4000, phase: 2 },
} as const;
type Band = keyof typeof bands;

/**
 * Red and near infrared as uint16, waves and six bits of noise: DEFLATE leaves two thirds of them, as of real scenes. And
 * classes of clouds as uint8 at 20 m.
 */
export async function makeNdviPair(
  folder: string,
  note: (message: string) => void,
): Promise<Record<Band | "scl", string>> {
  const paths = { red: join(folder, "red.tif"), nir: join(folder, "nir.tif"), scl: join(folder, "scl.tif") };
  const translate = findProgram("gdal_translate");
  if (translate === undefined) note("ndvi: no gdal_translate here, the pair is written by our own writer");
  for (const band of ["red", "nir"] as const) {
    note(`ndvi: making ${band}`);
    await (translate === undefined
      ? writeOwn(paths[band], grid, rowsOf(band))
      : writeCog(band, paths[band], translate));
  }
  await writeOwn(paths.scl, coarseGrid, cloudRows());
  return paths;
}

/** Vegetation with stripes of clouds. */
function* cloudRows(): Generator<Uint8Array<ArrayBuffer>> {
  for (let y = 0; y < coarseGrid.heightPixels; y++)
    yield Uint8Array.from({ length: coarseGrid.widthPixels }, (_, x) => (Math.sin((x + y) / 90) > 0.7 ? 9 : 4));
}

/** Rows of numbers, top to bottom. */
function* rowsOf(band: Band): Generator<Uint16Array<ArrayBuffer>> {
  const { low, high, phase } = bands[band];
  // Numerical Recipes' generator: the same noise in every run.
  let state: number = phase;
  for (let y = 0; y < SIDE_PIXELS; y++) {
    const row = new Uint16Array(SIDE_PIXELS);
    for (let x = 0; x < SIDE_PIXELS; x++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      row[x] =
        low + (high - low) * (0.5 + 0.25 * Math.sin(x / 170 + phase) + 0.25 * Math.cos(y / 230)) + (state >>> 26);
    }
    yield row;
  }
}

/** As Sentinel-2 is published: tiles of 512, horizontal differences, overviews. */
async function writeCog(band: Band, path: string, translate: string): Promise<void> {
  const raw = `${path}.raw`;
  const header = [
    "ENVI",
    `samples = ${SIDE_PIXELS}`,
    `lines = ${SIDE_PIXELS}`,
    "bands = 1",
    "data type = 12",
    "byte order = 0",
  ];
  await writeFile(`${path}.hdr`, `${header.join("\n")}\n`);
  const bytes = function* () {
    for (const row of rowsOf(band)) yield new Uint8Array(row.buffer);
  };
  await pipeline(Readable.from(bytes()), createWriteStream(raw));
  const [, , west, , , north] = grid.affine;
  const corners = [west, north, west + 10 * SIDE_PIXELS, north - 10 * SIDE_PIXELS].map(String);
  const place = ["-a_srs", grid.crs, "-a_ullr", ...corners, "-a_nodata", "0"];
  const creation = ["COMPRESS=DEFLATE", "PREDICTOR=2", "NUM_THREADS=ALL_CPUS"].flatMap((option) => ["-co", option]);
  await promisify(execFile)(translate, ["-q", "-of", "COG", ...place, ...creation, raw, path]);
  await rm(raw);
}

/** Tiles of 256, as this project writes them. */
async function writeOwn(
  path: string,
  on: Grid,
  rows: Iterator<Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>,
): Promise<void> {
  const isCoarse = on !== grid;
  const blank = () => (isCoarse ? new Uint8Array(TILE_PIXELS ** 2) : new Uint16Array(TILE_PIXELS ** 2));
  async function* tiles(): AsyncGenerator<Uint8Array> {
    for (let top = 0; top < on.heightPixels; top += TILE_PIXELS) {
      const line = Array.from({ length: tilesOf(on).across }, blank);
      for (let y = 0; y < Math.min(TILE_PIXELS, on.heightPixels - top); y++) {
        const { value: row = blank() } = rows.next() as { value?: Uint16Array };
        for (const [tile, numbers] of line.entries())
          numbers.set(row.subarray(tile * TILE_PIXELS, (tile + 1) * TILE_PIXELS), y * TILE_PIXELS);
      }
      for (const { buffer } of line) yield deflateSync(new Uint8Array(buffer), { level: 6 });
    }
  }
  const host = createPortableHost({ scratchBytes: 2 ** 30 });
  const { scratch } = host.openScratch({ runId: "pair", tenant: "default", signal: new AbortController().signal });
  const dtype = isCoarse ? "uint8" : "uint16";
  const layout = { grid: on, dtype, compression: "deflate", nodata: 0, description: "numbers" } as const;
  const made = await writeTiff(layout, tiles(), { scratch });
  await pipeline(Readable.from(made.stream()), createWriteStream(path));
}
