import { createPortableHost, type Host } from "@stargate/kernel";
import { toPlace } from "./grid/affine.ts";
import { projectionBetween } from "./grid/crs.ts";
import type { Grid } from "./grid/grid.ts";
import type { Features } from "./modalities/features/features-schema.ts";
import type { Raster, RasterBand } from "./modalities/raster/raster-schema.ts";

/** A forest of 12 x 10 pixels of 10 m, and a corner of it that is cleared. */
export const smallGrid: Grid = {
  crs: "EPSG:32633",
  affine: [10, 0, 465_180, 0, -10, 5_080_250],
  widthPixels: 12,
  heightPixels: 10,
};

const DAY_MS = 86_400_000;
const SIZE = smallGrid.widthPixels * smallGrid.heightPixels;

const toLonLat = projectionBetween(smallGrid.crs, "EPSG:4326");
const corners = [[0, 10], [12, 10], [12, 0], [0, 0], [0, 10]] as const; // prettier-ignore

/** All of it. */
export const smallArea: Features = {
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: {},
      geometry: {
        type: "Polygon",
        coordinates: [
          corners.map(([column, row]) => toLonLat(...toPlace(smallGrid.affine, column, row)) as [number, number]),
        ],
      },
    },
  ],
};

export type PixelValue = (pixel: number, date: string) => number;

/** Scenes of one index every ten days; NaN is a cloud. */
export async function* indexScenes(
  index: string,
  [from, until]: readonly [string, string],
  valueOf: PixelValue,
): AsyncGenerator<Raster> {
  for (let time = Date.parse(from); time < Date.parse(until); time += 10 * DAY_MS) {
    const acquiredAt = new Date(time).toISOString();
    const date = acquiredAt.slice(0, 10);
    const values = Float32Array.from({ length: SIZE }, (_, pixel) => valueOf(pixel, date));
    yield {
      id: `scene-${date}`,
      product: "sentinel-2-l2a",
      acquiredAt,
      bands: [{ name: index, holds: "index", sample: 0, grid: smallGrid, source: { kind: "values", values } }],
    };
  }
}

/** A scene as a satellite sends it: bands of Sentinel-2 in one digital number each, with water, and one cloud. */
export function smallScene(): Raster {
  const reflectances = { blue: 0.03, green: 0.06, red: 0.04, nir: 0.36, swir16: 0.15, swir22: 0.07 };
  const numbers = { sample: 0, grid: smallGrid, dtype: "uint16" as const, nodata: 0 };
  const bands: RasterBand[] = Object.entries(reflectances).map(([name, reflectance]) => ({
    ...numbers,
    name,
    holds: "reflectance",
    scale: 0.0001,
    offset: -0.1,
    source: {
      kind: "values",
      // The first two columns are water.
      values: Uint16Array.from({ length: SIZE }, (_, pixel) => (pixel % 12 < 2 ? 1080 : 1000 + reflectance * 10_000)),
    },
  }));
  const scl = Uint8Array.from({ length: SIZE }, (_, pixel) => (pixel === 119 ? 9 : pixel % 12 < 2 ? 6 : 4));
  return {
    id: "S2A_33TVM_20230610_0_L2A",
    product: "sentinel-2-l2a",
    acquiredAt: "2023-06-10T10:00:00.000Z",
    processing: { baseline: "05.09" },
    bands: [
      ...bands,
      {
        name: "scl",
        holds: "classes",
        sample: 0,
        grid: smallGrid,
        dtype: "uint8",
        source: { kind: "values", values: scl },
      },
    ],
  };
}

/** A host whose network is one STAC catalogue, which answers everything with these items. */
export function catalogueHost(items: readonly object[]): Host {
  const answer = JSON.stringify({ type: "FeatureCollection", features: items, links: [] });
  const headers = { "content-type": "application/geo+json" };
  return { ...createPortableHost(), fetch: () => Promise.resolve(new Response(answer, { headers })) };
}
