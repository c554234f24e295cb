import { existsSync, openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPortableHost } from "@stargate/kernel";
import { openBand } from "../../packages/adapters/satellite/src/read/open-band.ts";
import { type BenchResult, result } from "../support/result.ts";
import { takeTurns } from "../support/take-turns.ts";
import { makeNdviPair, SIDE_PIXELS } from "./ndvi-pair.ts";
import { measureProcess } from "./measure-process.ts";
import type { NdviOrder } from "./processes/ndvi-gate.ts";
import { findProgram, openRasterio } from "./python-peers.ts";

type Note = (message: string) => void;

const ROUNDS = 5;

/**
 * NDVI of a whole Sentinel-2 tile in processes of their own, from start to end: the transform `satellite.index` on the
 * gateway's host as it is built (`npm run build`), `gdal_calc.py`, and rasterio with numpy.
 */
export async function measureNdvi(note: Note): Promise<readonly BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-ndvi-"));
  await using rasterio = await openRasterio(note);
  try {
    const { nir, red, scl } = await makeNdviPair(folder, note);
    const isBuilt = existsSync(new URL("../../packages/adapters/satellite/dist/index.js", import.meta.url));
    if (!isBuilt) note("ndvi: nothing is built, so our packages run from source, which takes 25 MB more");
    const file = new URL("processes/ndvi-gate.ts", import.meta.url).pathname;
    const ours = (order: NdviOrder): readonly string[] => [
      process.execPath,
      ...(isBuilt ? [] : ["--conditions=@stargate/source"]),
      file,
      JSON.stringify(order),
    ];
    const results = {
      ours: join(folder, "ours.tif"),
      gdal: join(folder, "gdal.tif"),
      numpy: join(folder, "numpy.tif"),
    };
    const calc = "--calc=(A.astype(numpy.float32)-B)/(A.astype(numpy.float32)+B)";
    const commands = new Map<string, readonly string[]>([
      ["ours", ours({ nir, red })],
      ["masked", ours({ nir, red, scl })],
    ]);
    const gdalCalc = findProgram("gdal_calc.py");
    if (gdalCalc === undefined) note("ndvi: no row of gdal_calc.py (apt-get install gdal-bin python3-gdal)");
    else {
      const output = ["--type=Float32", "--NoDataValue=-9999", `--outfile=${results.gdal}`, "--overwrite", "--quiet"];
      commands.set("gdal_calc.py", [gdalCalc, "-A", nir, "-B", red, calc, ...output]);
    }
    if (rasterio !== undefined) {
      const program = new URL("processes/ndvi_numpy.py", import.meta.url).pathname;
      commands.set("rasterio + numpy", [rasterio.python, program, nir, red, results.numpy]);
    }
    note("ndvi: taking turns");
    const peaks = new Map<string, number>();
    const turns = [...commands].map(([name, command]) => ({
      name,
      run: async () =>
        peaks.set(name, Math.max(peaks.get(name) ?? 0, await measureProcess(command, { TMPDIR: folder }))),
    }));
    const times = await takeTurns(turns, { rounds: ROUNDS });
    const own = times["ours"] ?? { medianMs: Number.NaN, bestMs: Number.NaN };
    const ownPeak = peaks.get("ours") ?? Number.NaN;
    const rows = [
      result("NDVI of 10980 x 10980 pixels, DEFLATE", own.medianMs, "ms"),
      result("its peak memory", ownPeak, "MiB"),
    ];
    for (const [name, { medianMs, bestMs }] of Object.entries(times)) {
      if (name === "ours") continue;
      if (name === "masked") {
        rows.push(result("NDVI with its cloud mask (SCL at 20 m)", medianMs, "ms", { baseline: own.medianMs }));
        continue;
      }
      const peak = peaks.get(name) ?? Number.NaN;
      rows.push(
        result(`NDVI: time over that of ${name}, medians`, own.medianMs / medianMs, "x", { goal: "<= 1" }),
        result(`NDVI: ${name}, best rounds`, own.bestMs, "ms", { baseline: bestMs }),
        result(`NDVI: peak memory over that of ${name}`, ownPeak / peak, "x", { goal: "<= 0.2" }),
        result(`NDVI: ${name}, peak memory`, ownPeak, "MiB", { baseline: peak }),
      );
    }
    if (gdalCalc !== undefined) {
      note("ndvi: comparing results");
      await measureProcess(ours({ nir, red, result: results.ours }), { TMPDIR: folder });
      const difference = await largestDifference(results.ours, results.gdal);
      rows.push(result("NDVI: largest difference from gdal_calc.py", difference, "", { goal: "<= 0.000001" }));
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rows that are compared at a time. */
const STRIPE_ROWS = 512;

async function largestDifference(one: string, other: string): Promise<number> {
  const context = { ...createPortableHost(), signal: new AbortController().signal };
  const open = async (path: string) =>
    openBand(
      { name: "ndvi", holds: "index", sample: 0, source: { kind: "file", blob: await openAsBlob(path) } },
      context,
    );
  const [a, b] = [await open(one), await open(other)];
  let largest = 0;
  for (let row = 0; row < SIDE_PIXELS; row += STRIPE_ROWS) {
    const heightPixels = Math.min(STRIPE_ROWS, SIDE_PIXELS - row);
    const window = { column: 0, row, widthPixels: SIDE_PIXELS, heightPixels };
    const [first, second] = await Promise.all([a.readWindow(window), b.readWindow(window)]);
    for (let pixel = 0; pixel < first.length; pixel++) {
      const difference = Math.abs((first[pixel] ?? 0) - (second[pixel] ?? 0));
      if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
    }
  }
  return largest;
}
