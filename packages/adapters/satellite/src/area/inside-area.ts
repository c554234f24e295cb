import { projectionBetween } from "../grid/crs.ts";
import type { Grid } from "../grid/grid.ts";
import type { Features } from "../modalities/features/features-schema.ts";
import { fail } from "../satellite-errors.ts";
import { areaOfInterest } from "./area-of-interest.ts";
import { rasterize } from "./rasterize.ts";

/**
 * 1 for every pixel of the grid whose centre lies in the area, row by row. Throws SG_SATELLITE_AREA for an area that is not
 * usable or of which no pixel lies on the grid, SG_SATELLITE_GRID for a reference system that is not supported.
 */
export function insideArea(area: Features, grid: Grid): Uint8Array<ArrayBuffer> {
  const { geometry, bounds } = areaOfInterest(area);
  const mask = rasterize(geometry, { grid, fromLonLat: projectionBetween("EPSG:4326", grid.crs) });
  if (mask.includes(1)) return mask;
  const place = bounds.map((degrees) => degrees.toFixed(4)).join(", ");
  throw fail("SG_SATELLITE_AREA", `No pixel of the scenes lies in the area (west, south, east, north: ${place})`, {
    hint: "Look whether longitude comes first, and whether the scenes cover the place.",
  });
}
