import { forEachPixelInside, type RasterizeOptions } from "../area/rasterize.ts";
import type { Alert } from "./alert-schema.ts";

/**
 * Whether an alert is history: confirmed, and first seen before the time that a run watches. Such a run can neither date it
 * nor take it back; it only sees the ground as it has been since.
 */
export function isSettled({ properties }: Alert, watchedFrom: string | undefined): boolean {
  return watchedFrom !== undefined && properties.confidence === "high" && properties.firstSeen < watchedFrom;
}

/**
 * 1 for every pixel of the grid that lies in an alert that is settled: to be left out of new ones (`exclude`), so that no
 * hectare counts again years later. `watchedFrom` is the first day a run watches, "2017-07-01".
 */
export function settledPixels(
  known: readonly Alert[],
  watchedFrom: string,
  options: RasterizeOptions,
): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(options.grid.widthPixels * options.grid.heightPixels);
  for (const alert of known) {
    if (!isSettled(alert, watchedFrom)) continue;
    forEachPixelInside(alert.geometry, options, (pixel) => {
      mask[pixel] = 1;
    });
  }
  return mask;
}
