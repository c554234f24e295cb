import { describe, expect, it } from "vitest";
import { isStargateError } from "@stargate/kernel";
import { projectionBetween } from "../grid/crs.ts";
import type { Features, Geometry, Position } from "../modalities/features/features-schema.ts";
import { areaOfInterest } from "./area-of-interest.ts";
import { hectaresOf } from "./geodesic-area.ts";
import { insideArea } from "./inside-area.ts";
import { rasterize } from "./rasterize.ts";

const collection = (...geometries: (Geometry | null)[]): Features => ({
  type: "FeatureCollection",
  features: geometries.map((geometry) => ({ type: "Feature", geometry, properties: {} })),
});
const polygon = (...rings: Position[][]): Geometry => ({ type: "Polygon", coordinates: rings });
const square = (west: number, south: number, size: number): Position[] => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const problem = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return isStargateError(error) ? `${error.code}: ${error.message} (${error.hint})` : String(error);
  }
  return "no error";
};

describe("hectares", () => {
  // pyproj 3.7, Geod(ellps="WGS84"), edges cut into 20 000 pieces that are straight in degrees (RFC 7946).
  it.each([
    ["a square kilometre in Slovenia", square(14.5, 46, 0.01), 86.09379800937343],
    ["a pixel", square(14.5, 46, 0.0001), 0.008610140151716768],
    [
      "a triangle in the Amazon",
      [
        [-62, -10],
        [-60.5, -9.2],
        [-61.3, -8.1],
        [-62, -10],
      ],
      1392084.7197381523,
    ],
    [
      "much of Greenland",
      [
        [-50, 70],
        [-40, 72],
        [-42, 78],
        [-52, 76],
        [-50, 70],
      ],
      21973359.01030526,
    ],
    ["both sides of the equator", square(-1, -1, 2), 4923385.557591399],
  ] as [string, Position[], number][])("of %s agree with PROJ", (_name, ring, expected) => {
    // The pixel: coordinates of 15 digits leave nine for its width.
    expect(Math.abs(hectaresOf(polygon(ring)) / expected - 1)).toBeLessThan(1e-9);
    expect(Math.abs(hectaresOf(polygon(ring.toReversed())) / expected - 1)).toBeLessThan(1e-9);
  });

  it("leave holes out; points and lines have none", () => {
    const whole = hectaresOf(polygon(square(14, 46, 0.3)));
    const hole = hectaresOf(polygon(square(14.1, 46.1, 0.1)));
    expect(hectaresOf(polygon(square(14, 46, 0.3), square(14.1, 46.1, 0.1)))).toBeCloseTo(whole - hole, 6);
    expect(hectaresOf({ type: "Point", coordinates: [1, 2] })).toBe(0);
  });
});

describe("areaOfInterest", () => {
  it("takes all polygons of all features", () => {
    const two = areaOfInterest(
      collection(polygon(square(14, 46, 0.1)), { type: "MultiPolygon", coordinates: [[square(15, 46, 0.1)]] }),
    );
    expect(two.bounds).toEqual([14, 46, 15.1, 46.1]);
    expect(two.geometry.coordinates).toHaveLength(2);
    expect(two.hectares).toBeCloseTo(2 * hectaresOf(polygon(square(14, 46, 0.1))), 3);
  });

  it.each([
    ["no features", collection(), /The area is empty/],
    ["a feature without geometry", collection(null), /Feature 1 of the area has no geometry/],
    ["a point", collection({ type: "Point", coordinates: [1, 2] }), /is a Point; it has to be a polygon/],
    [
      "a bow tie",
      collection(
        polygon([
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
          [0, 0],
        ]),
      ),
      /crosses itself at 0\.50000, 0\.50000/,
    ],
    ["a hole across the edge", collection(polygon(square(0, 0, 1), square(0.5, 0.5, 1))), /crosses itself at/],
    [
      "the antimeridian",
      collection(
        polygon([
          [179, 0],
          [-179, 0],
          [-179, 1],
          [179, 1],
          [179, 0],
        ]),
      ),
      /steps over the antimeridian/,
    ],
    [
      "both its sides",
      collection(polygon(square(-180, 0, 1)), polygon(square(179, 0, 1))),
      /both sides of the antimeridian/,
    ],
    [
      "latitude first",
      collection(polygon(square(46, 114.5, 0.1))),
      /Swap the numbers: longitude comes first, \[114\.5, 46\]/,
    ],
    ["metres", collection(polygon(square(465181, 5079244, 100))), /looks like metres/],
    [
      "a line",
      collection(
        polygon([
          [0, 0],
          [1, 1],
          [0, 0],
          [0, 0],
        ]),
      ),
      /has no area/,
    ],
    [
      "two corners",
      collection(
        polygon([
          [0, 0],
          [1, 1],
          [0, 0],
        ]),
      ),
      /3 positions; it needs four/,
    ],
  ])("refuses %s and says what is wrong", (_what, area, message) => {
    expect(problem(() => areaOfInterest(area))).toMatch(/^SG_SATELLITE_AREA: /);
    expect(problem(() => areaOfInterest(area))).toMatch(message);
  });

  it("looks through a coastline of many corners without comparing each with each", () => {
    const ring: Position[] = Array.from({ length: 50_000 }, (_, corner) => {
      const angle = (corner / 50_000) * 2 * Math.PI;
      const radius = 1 + 0.01 * Math.sin(angle * 200);
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
    expect(areaOfInterest(collection(polygon([...ring, ring[0]!]))).hectares).toBeGreaterThan(0);
  });
});

describe("rasterize", () => {
  const grid = { crs: "EPSG:4326", affine: [1, 0, 0, 0, -1, 6], widthPixels: 8, heightPixels: 6 } as const;
  const same = (x: number, y: number) => [x, y] as const;
  const drawn = (geometry: Geometry) =>
    Array.from(rasterize(geometry as Extract<Geometry, { type: "Polygon" }>, { grid, fromLonLat: same }), String)
      .join("")
      .match(/.{8}/g);

  it("takes the pixels whose centre lies inside, holes left out, beyond the edge nothing", () => {
    expect(drawn(polygon(square(-2, 0.4, 6), square(1, 2, 2)))).toEqual([
      "11110000",
      "11110000",
      "10010000",
      "10010000",
      "11110000",
      "11110000",
    ]);
  });

  it("gives neighbours that share an edge no pixel twice and none to nobody", () => {
    const left = rasterize(
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [3.3, 0],
            [5.1, 6],
            [0, 6],
            [0, 0],
          ],
        ],
      },
      { grid, fromLonLat: same },
    );
    const right = rasterize(
      {
        type: "Polygon",
        coordinates: [
          [
            [3.3, 0],
            [8, 0],
            [8, 6],
            [5.1, 6],
            [3.3, 0],
          ],
        ],
      },
      { grid, fromLonLat: same },
    );
    expect(Array.from(left, (inside, pixel) => inside + right[pixel]!)).toEqual(Array.from({ length: 48 }, () => 1));
  });

  it("brings long edges onto the grid of another reference system in pieces", () => {
    // Four degrees along a parallel: in UTM its middle lies kilometres south of the straight line between its ends.
    const utm = {
      crs: "EPSG:32633",
      affine: [1000, 0, 340_000, 0, -1000, 5_320_000],
      widthPixels: 320,
      heightPixels: 62,
    } as const;
    const area = collection(
      polygon([
        [13, 47.5],
        [17, 47.5],
        [17, 47.9],
        [13, 47.9],
        [13, 47.5],
      ]),
    );
    const inside = insideArea(area, utm);
    const isInside = (longitude: number, latitude: number): number | undefined => {
      const [x, y] = projectionBetween("EPSG:4326", utm.crs)(longitude, latitude);
      return inside[Math.floor((5_320_000 - y) / 1000) * 320 + Math.floor((x - 340_000) / 1000)];
    };
    expect([isInside(15, 47.91), isInside(15, 47.89), isInside(15, 47.51), isInside(15, 47.49)]).toEqual([0, 1, 1, 0]);
  });

  it("refuses an area that the scenes do not show", () => {
    expect(problem(() => insideArea(collection(polygon(square(100, 0, 1))), grid))).toMatch(
      /^SG_SATELLITE_AREA: No pixel of the scenes lies in the area/,
    );
  });
});
