import type { AreaOfInterest } from "../area/area-of-interest.ts";
import { fail } from "../satellite-errors.ts";
import { toPlace } from "./affine.ts";
import { projectionBetween } from "./crs.ts";
import type { Grid } from "./grid.ts";

/** Points along an edge of the bounds: edges that are straight in degrees are not straight on the grid. */
const EDGE_POINTS = 32;

/** The UTM zone of a place, the usual system of pictures of it. Throws SG_SATELLITE_AREA near the poles, where there is none. */
export function utmZoneOf([west, south, east, north]: AreaOfInterest["bounds"]): string {
  const [longitude, latitude] = [(west + east) / 2, (south + north) / 2];
  if (Math.abs(latitude) > 84)
    throw fail("SG_SATELLITE_AREA", `The area lies at ${latitude.toFixed(2)} degrees, where no UTM zone is`);
  const zone = Math.min(60, Math.floor((longitude + 180) / 6) + 1);
  return `EPSG:32${latitude < 0 ? 7 : 6}${String(zone).padStart(2, "0")}`;
}

/**
 * The pixels of an area: its edges are multiples of the pixel's size, which is how products of a zone lie, so that their
 * numbers need no resampling. It depends on the area alone, and is the same for all scenes.
 */
export function gridOfArea({ bounds }: Pick<AreaOfInterest, "bounds">, crs: string, pixelSize: number): Grid {
  const project = projectionBetween("EPSG:4326", crs);
  const [west, south, east, north] = bounds;
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let point = 0; point <= EDGE_POINTS; point++) {
    const longitude = west + ((east - west) * point) / EDGE_POINTS;
    const latitude = south + ((north - south) * point) / EDGE_POINTS;
    for (const [x, y] of [
      project(longitude, south),
      project(longitude, north),
      project(west, latitude),
      project(east, latitude),
    ]) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      bottom = Math.min(bottom, y);
      top = Math.max(top, y);
    }
  }
  const x = Math.floor(left / pixelSize) * pixelSize;
  const y = Math.ceil(top / pixelSize) * pixelSize;
  return {
    crs,
    affine: [pixelSize, 0, x, 0, -pixelSize, y],
    widthPixels: Math.max(1, Math.ceil((right - x) / pixelSize)),
    heightPixels: Math.max(1, Math.ceil((y - bottom) / pixelSize)),
  };
}

/** West, south, east and north of a grid in degrees. */
export function boundsOfGrid({ crs, affine, widthPixels, heightPixels }: Grid): AreaOfInterest["bounds"] {
  const toLonLat = projectionBetween(crs, "EPSG:4326");
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let point = 0; point <= EDGE_POINTS; point++) {
    const column = (widthPixels * point) / EDGE_POINTS;
    const row = (heightPixels * point) / EDGE_POINTS;
    for (const [longitude, latitude] of [
      toLonLat(...toPlace(affine, column, 0)),
      toLonLat(...toPlace(affine, column, heightPixels)),
      toLonLat(...toPlace(affine, 0, row)),
      toLonLat(...toPlace(affine, widthPixels, row)),
    ]) {
      west = Math.min(west, longitude);
      east = Math.max(east, longitude);
      south = Math.min(south, latitude);
      north = Math.max(north, latitude);
    }
  }
  return [west, south, east, north];
}
