import { ringSquareMetres } from "../area/geodesic-area.ts";
import { crossingOf } from "../area/self-crossing.ts";
import type { Projection } from "../grid/crs.ts";
import { toPlace } from "../grid/affine.ts";
import type { Grid } from "../grid/grid.ts";
import type { Polygonal, Position } from "../modalities/features/features-schema.ts";
import { simplifyRing } from "./simplify-ring.ts";
import type { CornerRing, Outline } from "./trace-outlines.ts";

export interface OutlineGeometryOptions {
  readonly grid: Grid;
  /** From the units of the grid to [longitude, latitude]: `projectionBetween(grid.crs, "EPSG:4326")`. */
  readonly toLonLat: Projection;
  /** Leaves out corners that move the outline by less than this many pixels; 0 keeps every one. */
  readonly simplifyPixels: number;
}

/** The geometry of one place, in degrees: a polygon, or several when parts touch with a corner only. RFC 7946 winding. */
export function outlineGeometry(outlines: readonly Outline[], options: OutlineGeometryOptions): Polygonal {
  const polygons = outlines.map((outline) => {
    const rings = ringsOf(outline, options);
    // A corner left out may pull one part of an outline through another: such a one is drawn with all its corners.
    const isBroken = options.simplifyPixels > 0 && crossingOf(rings) !== undefined;
    return isBroken ? ringsOf(outline, { ...options, simplifyPixels: 0 }) : rings;
  });
  const [only] = polygons;
  return polygons.length === 1 && only !== undefined
    ? { type: "Polygon", coordinates: only }
    : { type: "MultiPolygon", coordinates: polygons };
}

function ringsOf({ outer, holes }: Outline, options: OutlineGeometryOptions): readonly (readonly Position[])[] {
  return [lonLatRing(outer, true, options), ...holes.map((hole) => lonLatRing(hole, false, options))];
}

function lonLatRing(
  corners: CornerRing,
  isOuter: boolean,
  { grid, toLonLat, simplifyPixels }: OutlineGeometryOptions,
): readonly Position[] {
  const kept = simplifyPixels > 0 ? simplifyRing(corners, simplifyPixels) : corners;
  const ring: Position[] = [];
  for (let index = 0; index < kept.length; index += 2) {
    const [x, y] = toPlace(grid.affine, kept[index] ?? 0, kept[index + 1] ?? 0);
    const [longitude, latitude] = toLonLat(x, y);
    ring.push([longitude, latitude]);
  }
  const [first] = ring;
  if (first !== undefined) ring.push(first);
  return ringSquareMetres(ring) > 0 === isOuter ? ring : ring.toReversed();
}
