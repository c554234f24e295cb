import type { Grid } from "../../grid/grid.ts";
import type { Directory } from "./directory.ts";
import { tags } from "./tags.ts";

/** Keys of OGC GeoTIFF 1.1, and the older ones for systems that are written out. */
const keys = {
  modelType: 1024,
  rasterType: 1025,
  geodeticCrs: 2048,
  projectedCrs: 3072,
  projection: 3074,
  projectionMethod: 3075,
  parallel1: 3078,
  parallel2: 3079,
  originLongitude: 3080,
  originLatitude: 3081,
  falseEasting: 3082,
  falseNorthing: 3083,
  scale: 3092,
} as const;

const USER_DEFINED = 32_767;

/** "EPSG:32633" of a file; undefined when it does not say it in a way that is known. */
export function crsOf(directory: Directory): string | undefined {
  const all = readKeys(directory);
  const code = (key: number): number | undefined => {
    const value = all.get(key);
    return value === undefined || value === 0 || value === USER_DEFINED ? undefined : value;
  };
  const isGeographic = all.get(keys.modelType) === 2;
  const epsg = isGeographic ? code(keys.geodeticCrs) : (code(keys.projectedCrs) ?? writtenOut(all));
  return epsg === undefined ? undefined : `EPSG:${epsg}`;
}

/**
 * Systems that a file spells out instead of naming them. HLS writes UTM so (always the northern zone, with negative
 * northings in the south), Landsat ARD the Albers projection of the lower 48 states.
 */
function writtenOut(all: ReadonlyMap<number, number>): number | undefined {
  const near = (key: number, wanted: number, tolerance = 1e-6): boolean =>
    Math.abs((all.get(key) ?? Number.NaN) - wanted) <= tolerance;
  const projection = all.get(keys.projection) ?? 0;
  if (projection > 16_000 && projection <= 16_060) return 32_600 + projection - 16_000;
  if (projection > 16_100 && projection <= 16_160) return 32_700 + projection - 16_100;
  const method = all.get(keys.projectionMethod);
  if (method === 1 && near(keys.scale, 0.9996) && near(keys.falseEasting, 500_000) && near(keys.originLatitude, 0)) {
    const zone = ((all.get(keys.originLongitude) ?? Number.NaN) + 183) / 6;
    const isSouth = near(keys.falseNorthing, 10_000_000);
    if (Number.isInteger(zone) && zone >= 1 && zone <= 60 && (isSouth || near(keys.falseNorthing, 0)))
      return (isSouth ? 32_700 : 32_600) + zone;
  }
  const isAlbers48 =
    method === 11 &&
    near(keys.parallel1, 29.5) &&
    near(keys.parallel2, 45.5) &&
    near(keys.originLatitude, 23) &&
    near(keys.originLongitude, -96) &&
    near(keys.falseEasting, 0) &&
    near(keys.falseNorthing, 0);
  return isAlbers48 ? 5070 : undefined;
}

function readKeys(directory: Directory): ReadonlyMap<number, number> {
  const entries = directory.numbers(tags.geoKeyDirectory) ?? [];
  const doubles = directory.numbers(tags.geoDoubleParams) ?? [];
  const found = new Map<number, number>();
  for (let at = 4; at + 3 < entries.length; at += 4) {
    const [key = 0, place = 0, , value = 0] = entries.slice(at, at + 4);
    if (place === 0) found.set(key, value);
    else if (place === tags.geoDoubleParams) found.set(key, doubles[value] ?? Number.NaN);
  }
  return found;
}

/** Where the pixels lie, in the order of `Grid.affine`; undefined when the file does not say it. */
export function affineOf(directory: Directory): Grid["affine"] | undefined {
  const pointShift = readKeys(directory).get(keys.rasterType) === 2 ? 0.5 : 0;
  const matrix = directory.numbers(tags.modelTransformation);
  const scale = directory.numbers(tags.modelPixelScale);
  const tie = directory.numbers(tags.modelTiepoint);
  let affine: Grid["affine"] | undefined;
  if (matrix?.length === 16) {
    const [a = 0, b = 0, , c = 0, d = 0, e = 0, , f = 0] = matrix;
    affine = [a, b, c, d, e, f];
  } else if (scale !== undefined && tie !== undefined && tie.length >= 6) {
    const [width = 0, height = 0] = scale;
    const [column = 0, row = 0, , x = 0, y = 0] = tie;
    affine = [width, 0, x - column * width, 0, -height, y + row * height];
  }
  if (affine === undefined || !affine.every(Number.isFinite) || affine[0] * affine[4] - affine[1] * affine[3] === 0)
    return undefined;
  const [a, b, c, d, e, f] = affine;
  return [a, b, c - pointShift * (a + b), d, e, f - pointShift * (d + e)];
}
