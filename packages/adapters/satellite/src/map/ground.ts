import { toPlace } from "../grid/affine.ts";
import type { Projection } from "../grid/crs.ts";
import type { Grid } from "../grid/grid.ts";

/** WGS 84. */
const EQUATORIAL_RADIUS_METRES = 6_378_137;
const ECCENTRICITY_SQUARED = 0.006694379990141316;
const RADIANS_PER_DEGREE = Math.PI / 180;

/** What a pixel in the middle of a grid is on the ground. */
export interface Ground {
  readonly pixelWidthMetres: number;
  readonly pixelHeightMetres: number;
  /** Direction of true north on the picture, radians clockwise from upwards. */
  readonly north: number;
  /** West, south, east, north of the whole grid, degrees. */
  readonly bounds: readonly [number, number, number, number];
}

/** Measures on the ellipsoid: a metre of Web Mercator or UTM, or a degree, is not a metre on the ground. */
export function groundOf({ affine, widthPixels, heightPixels }: Grid, toLonLat: Projection): Ground {
  const [middleColumn, middleRow] = [widthPixels / 2, heightPixels / 2];
  const at = (column: number, row: number) => toLonLat(...toPlace(affine, column, row));
  const [left, right] = [at(middleColumn - 0.5, middleRow), at(middleColumn + 0.5, middleRow)];
  const [top, bottom] = [at(middleColumn, middleRow - 0.5), at(middleColumn, middleRow + 0.5)];
  const across = metresBetween(left, right);
  const up = metresBetween(bottom, top);
  const corners = [at(0, 0), at(widthPixels, 0), at(0, heightPixels), at(widthPixels, heightPixels)];
  const [longitudes, latitudes] = [corners.map(([longitude]) => longitude), corners.map(([, latitude]) => latitude)];
  return {
    pixelWidthMetres: Math.hypot(...across),
    pixelHeightMetres: Math.hypot(...up),
    north: -Math.atan2(up[0], up[1]),
    bounds: [Math.min(...longitudes), Math.min(...latitudes), Math.max(...longitudes), Math.max(...latitudes)],
  };
}

type LonLat = readonly [number, number];

/** Metres to the east and to the north, for places near one another. */
function metresBetween(
  [fromLongitude, fromLatitude]: LonLat,
  [toLongitude, toLatitude]: LonLat,
): readonly [number, number] {
  const latitude = ((fromLatitude + toLatitude) / 2) * RADIANS_PER_DEGREE;
  const squeeze = 1 - ECCENTRICITY_SQUARED * Math.sin(latitude) ** 2;
  const acrossRadius = EQUATORIAL_RADIUS_METRES / Math.sqrt(squeeze);
  const alongRadius = (EQUATORIAL_RADIUS_METRES * (1 - ECCENTRICITY_SQUARED)) / squeeze ** 1.5;
  return [
    (toLongitude - fromLongitude) * RADIANS_PER_DEGREE * acrossRadius * Math.cos(latitude),
    (toLatitude - fromLatitude) * RADIANS_PER_DEGREE * alongRadius,
  ];
}

/** A length people read easily (1, 2 or 5 times a power of ten), the longest below a limit. */
export function scaleBarMetres(longestMetres: number): number {
  const power = 10 ** Math.floor(Math.log10(longestMetres));
  return (longestMetres >= 5 * power ? 5 : longestMetres >= 2 * power ? 2 : 1) * power;
}

export function metresText(metres: number): string {
  return metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
}
