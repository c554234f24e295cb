import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { deflateSync } from "node:zlib";
import { createPortableHost } from "@stargate/kernel";
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

const bands = {
  red: { low: 300, high: 1200, phase: 1 },
  nir: { low: 2500, high: 4000, phase: 2 },
} as const;
type Band = keyof typeof bands;

/** Red and near infrared as uint16, waves and six bits of noise: DEFLATE leaves two thirds of them, as of real scenes. */
export async function makeNdviPair(folder: string, note: (message: string) => void): Promise<Record<Band, string>> {
  const paths = { red: join(folder, "red.tif"), nir: join(folder, "nir.tif") };
  const translate = findProgram("gdal_translate");
  if (translate === undefined) note("ndvi: no gdal_translate here, the pair is written by our own writer");
  for (const band of ["red", "nir"] as const) {
    note(`ndvi: making ${band}`);
    await (translate === undefined ? writeOwn(band, paths[band]) : writeCog(band, paths[band], translate));
  }
  return paths;
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

async function writeOwn(band: Band, path: string): Promise<void> {
  async function* tiles(): AsyncGenerator<Uint8Array> {
    const { across } = tilesOf(grid);
    const rows = rowsOf(band);
    for (let top = 0; top < SIDE_PIXELS; top += TILE_PIXELS) {
      const line = Array.from({ length: across }, () => new Uint16Array(TILE_PIXELS * TILE_PIXELS));
      for (let y = 0; y < Math.min(TILE_PIXELS, SIDE_PIXELS - top); y++) {
        const row: Uint16Array = rows.next().value ?? new Uint16Array(0);
        for (const [tile, numbers] of line.entries())
          numbers.set(row.subarray(tile * TILE_PIXELS, (tile + 1) * TILE_PIXELS), y * TILE_PIXELS);
      }
      for (const { buffer } of line) yield deflateSync(new Uint8Array(buffer), { level: 6 });
    }
  }
  const host = createPortableHost();
  const { scratch } = host.openScratch({ runId: band, tenant: "default", signal: new AbortController().signal });
  const layout = { grid, dtype: "uint16", compression: "deflate", nodata: 0, description: band } as const;
  const made = await writeTiff(layout, tiles(), { scratch });
  await pipeline(Readable.from(made.stream()), createWriteStream(path));
}
