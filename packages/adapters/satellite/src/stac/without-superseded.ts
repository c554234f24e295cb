import type { Raster } from "../modalities/raster/raster-schema.ts";

/** Times of one scene differ by seconds from one processing to the next. */
const SAME_MS = 120_000;

/**
 * Leaves out older processings of a scene that is there in a newer one: the same tile of the same product at the same time, of
 * a lower baseline. Both would count as two observations of one day.
 */
export function withoutSuperseded(rasters: readonly Raster[]): {
  readonly rasters: readonly Raster[];
  readonly notes: readonly string[];
} {
  const notes: string[] = [];
  const kept = rasters.filter((raster) => {
    const better = rasters.find((other) => supersedes(other, raster));
    if (better !== undefined)
      notes.push(`${raster.id}: left out, ${better.id} is the same scene of a newer processing`);
    return better === undefined;
  });
  return { rasters: kept, notes };
}

function supersedes(newer: Raster, older: Raster): boolean {
  if (newer === older || newer.product !== older.product) return false;
  const tile = tileOf(newer.id);
  if (tile === undefined || tile !== tileOf(older.id)) return false;
  if (newer.acquiredAt === undefined || older.acquiredAt === undefined) return false;
  if (Math.abs(Date.parse(newer.acquiredAt) - Date.parse(older.acquiredAt)) > SAME_MS) return false;
  const [one, other] = [Number(newer.processing?.baseline), Number(older.processing?.baseline)];
  return one > other || (one === other && newer.id > older.id && /_\d+_L2A$/.test(newer.id));
}

/** MGRS tile of Sentinel-2 ("29RKH"); path and row, or tile of ARD, of Landsat. */
function tileOf(id: string): string | undefined {
  return (
    /(?:^|[_.])T?(\d{2}[C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V])(?:[_.]|$)/.exec(id)?.[1] ??
    /^L[COTE]0\d_[^_]+_(\d{6})_/.exec(id)?.[1]
  );
}
