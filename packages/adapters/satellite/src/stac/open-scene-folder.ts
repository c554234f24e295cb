import { openAsBlob } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import type { Raster, RasterBand } from "../modalities/raster/raster-schema.ts";
import type { RasterSeries } from "../modalities/raster-series/raster-series.ts";
import type { Product } from "../products/product.ts";
import { fail } from "../satellite-errors.ts";
import { bareScenes, type BareFile } from "./bare-scenes.ts";
import { parseItem } from "./parse-item.ts";
import { rasterOfItem } from "./raster-of-item.ts";
import type { StacItem } from "./stac-schema.ts";
import { sortedByTime } from "./sorted-by-time.ts";
import { withoutSuperseded } from "./without-superseded.ts";

/** Folders below the given one that are looked into. */
const MAX_DEPTH = 4;

const MAX_FILES = 100_000;

export interface SceneFolderOptions {
  /** What bare GeoTIFFs are, when their names do not say it. */
  readonly product?: Product | undefined;
}

export interface SceneFolder {
  readonly series: RasterSeries;
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

/**
 * Scenes of a folder: STAC items (`*.json`) with their files beside them, under the path the item says or under the name of
 * its address; and bare GeoTIFFs with a date and a band in their names ("S2A_20200219_B04.tif"). Files are opened when
 * they are read. Throws SG_SATELLITE_SERIES when there is no scene, SG_INPUT_INVALID for an item that is none.
 */
export async function openSceneFolder(folder: string, { product }: SceneFolderOptions = {}): Promise<SceneFolder> {
  const files = await listFiles(folder);
  const notes: string[] = [];
  const rasters: Raster[] = [];
  const used = new Set<string>();
  for (const path of files.filter((file) => extname(file).toLowerCase() === ".json")) {
    const item = await readItem(path);
    if (item === undefined) continue;
    const name = relative(folder, path);
    const missing: string[] = [];
    const sources = await localSources(
      Object.values(item.assets).map(({ href }) => href),
      dirname(path),
      folder,
    );
    const raster = rasterOfItem(item, (asset, key) => {
      const found = sources.get(asset.href);
      if (found === undefined && !key.endsWith("-jp2")) missing.push(key);
      if (found !== undefined) used.add(found.path);
      return found?.source;
    });
    rasters.push(raster);
    if (missing.length > 0) notes.push(`${name}: no file for ${missing.join(", ")}`);
  }
  const bare = files.filter((file) => /\.(?:tiff?|jp2)$/i.test(file) && !used.has(file));
  const described: BareFile[] = bare.map((path) => ({ path, name: relative(folder, path) }));
  const scenes = bareScenes(described, product);
  notes.push(...scenes.notes);
  for (const scene of scenes.scenes) {
    const bands: RasterBand[] = [];
    for (const { path, ...band } of scene.bands)
      bands.push({ ...band, sample: 0, source: { kind: "file", blob: await openAsBlob(path) } });
    rasters.push({ ...scene, bands });
  }
  if (rasters.length === 0)
    throw fail("SG_SATELLITE_SERIES", `Folder ${folder} has no scenes: neither STAC items nor GeoTIFFs with a date`, {
      hint: "Put STAC items with their files there, or GeoTIFFs with names like S2A_20200219_B04.tif.",
    });
  const current = withoutSuperseded(rasters);
  return { series: { rasters: sortedByTime(current.rasters) }, notes: [...notes, ...current.notes] };
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (path: string, depth: number): Promise<void> => {
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      if (entry.isDirectory() && depth < MAX_DEPTH) await visit(join(path, entry.name), depth + 1);
      else if (entry.isFile()) found.push(join(path, entry.name));
      if (found.length > MAX_FILES)
        throw fail("SG_SATELLITE_SERIES", `Folder ${folder} has more than ${MAX_FILES} files`);
    }
  };
  try {
    await visit(resolve(folder), 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string" && !error.code.startsWith("SG_"))
      throw fail("SG_SATELLITE_SERIES", `Folder ${folder} cannot be read: ${error.code}`, { cause: error });
    throw error;
  }
  return found.toSorted();
}

/** Undefined for JSON that is something else: settings, a collection, a damaged file beside the scenes. */
async function readItem(path: string): Promise<StacItem | undefined> {
  const value = parseJson(await readFile(path, "utf8"));
  const isItem = typeof value === "object" && value !== null && "stac_version" in value && "assets" in value;
  return isItem && "type" in value && value.type === "Feature" ? parseItem(value, basename(path)) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Files of addresses: a relative path inside the folder, or the file's name beside the item. A path that leads out of the
 * folder is not followed.
 */
async function localSources(
  hrefs: readonly string[],
  itemFolder: string,
  root: string,
): Promise<ReadonlyMap<string, { readonly path: string; readonly source: RasterBand["source"] }>> {
  const found = new Map<string, { readonly path: string; readonly source: RasterBand["source"] }>();
  for (const href of hrefs) {
    const isRemote = /^[a-z][a-z0-9+.-]*:\/\//i.test(href);
    const plain = href.replace(/[?#].*$/, "");
    const candidates = [...(isRemote ? [] : [resolve(itemFolder, plain)]), join(itemFolder, basename(plain))];
    for (const path of candidates) {
      if (relative(resolve(root), path).startsWith("..") || !(await isFile(path))) continue;
      found.set(href, { path, source: { kind: "file", blob: await openAsBlob(path) } });
      break;
    }
  }
  return found;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
