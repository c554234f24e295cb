import type { Raster } from "../modalities/raster/raster-schema.ts";

/** Scenes oldest first; those without a date come last, in the order they came. */
export function sortedByTime(rasters: readonly Raster[]): readonly Raster[] {
  const time = ({ acquiredAt }: Raster): number => (acquiredAt === undefined ? Infinity : Date.parse(acquiredAt));
  return rasters.toSorted((a, b) => (time(a) === time(b) ? 0 : time(a) - time(b)));
}
