import assert from "node:assert/strict";
import { describeAdapter } from "@stargate/kernel/testing";
import type { ComputePlane, Table } from "@stargate/kernel";
import satellite, { itemOfRaster, type Features, type MapImage, type Raster, type RasterSeries } from "./index.ts";
import { catalogueHost, indexScenes, smallArea, smallGrid, smallScene } from "./small-forest.fixture.ts";

const elsewhere: Features = {
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: {},
      geometry: { type: "Polygon", coordinates: [[[15, 46], [15.01, 46], [15.01, 46.01], [15, 46.01], [15, 46]]] }, // prettier-ignore
    },
  ],
};
const none: Features = { type: "FeatureCollection", features: [] };
const season = (date: string): number => 0.7 + 0.1 * Math.cos(((Number(date.slice(5, 7)) - 7) / 6) * Math.PI);
/** The first column is cleared in June 2023. */
const forest = () =>
  indexScenes(
    "ndvi",
    ["2021-01-01", "2023-09-01"],
    (pixel, date) =>
      season(date) -
      (pixel % 12 === 0 && date >= "2023-06-01" ? 0.4 : 0) +
      ((pixel * 7 + Number(date.slice(8))) % 5) * 0.01,
  );
/** Snow on the upper half; the first column is always hidden. */
const snow = () =>
  indexScenes("snow", ["2019-07-30", "2023-10-01"], (pixel) => (pixel % 12 === 0 ? Number.NaN : pixel < 60 ? 1 : 0));
const burned = () =>
  indexScenes("nbr", ["2023-05-01", "2023-09-01"], (pixel, date) => (pixel < 60 && date > "2023-07-05" ? 0.05 : 0.6));
const dem: Raster = {
  id: "dem",
  product: "other",
  bands: [
    {
      name: "dem",
      holds: "elevation",
      sample: 0,
      grid: smallGrid,
      source: {
        kind: "values",
        values: Float32Array.from({ length: 120 }, (_, pixel) => 2000 - 40 * Math.floor(pixel / 12)),
      },
    },
  ],
};
const scene = smallScene();
const [red] = scene.bands;
const item = itemOfRaster({ ...scene, bands: red === undefined ? [] : [red] }, "https://example.org/scene.tif");
const search = { url: "https://example.org/stac/search" };
/** Water is dark in the near infrared; segment.integration.test.ts runs real models. */
const brightnessPlane: ComputePlane = {
  run({ model, inputs }) {
    const { input } = inputs;
    const [tiles = 0, , height = 0, width = 0] = input?.shape ?? [];
    const seen = input?.data as Float32Array; // what is sent to models
    const data = seen.map((_, at) =>
      Math.floor(at / (width * height)) % 2 === 0 ? (seen[at + width * height] ?? 0) : 0.1,
    );
    const use = {
      variant: "only",
      digest: null,
      backend: "test",
      device: "cpu",
      deviceKind: "cpu",
      pool: "test",
    } as const;
    return Promise.resolve({
      outputs: { output: { dtype: "float32", shape: [tiles, 2, height, width], data } },
      use: { model, ...use, attempts: 1, hedged: false, batchItems: 1, queueMs: 0, runMs: 0 },
    });
  },
  assets: () => Promise.resolve({}),
};

describeAdapter("the satellite adapter", {
  create: () =>
    satellite({ segment: { model: { id: "brightness" }, bands: ["red", "nir"], classes: ["land", "water"] } }),
  host: { ...catalogueHost([item]), compute: brightnessPlane },
  soakRuns: 3,
  cases: [
    {
      name: "an area",
      transform: "satellite.search",
      input: () => smallArea,
      options: search,
      coverage: { done: 1, of: 1 },
      expect: (output) =>
        assert.deepEqual(
          (output as RasterSeries).rasters.map(({ id }) => id),
          [scene.id],
        ),
    },
    {
      name: "an area and a time",
      transform: "satellite.search-period",
      input: () => ({ area: smallArea, period: { from: "2023-01-01", to: "2023-12-31" } }),
      options: search,
      expect: (output) => assert.equal((output as RasterSeries).rasters.length, 1),
    },
    {
      name: "a series",
      transform: "satellite.scenes",
      input: () => ({ rasters: [scene] }),
      expect: (output) =>
        assert.deepEqual(
          (output as Raster[]).map(({ id }) => id),
          [scene.id],
        ),
    },
    {
      name: "a scene with one cloud",
      transform: "satellite.index",
      input: () => scene,
      coverage: { done: 119, of: 120 },
      expect: (output) => assert.equal((output as Raster).bands[0]?.name, "ndvi"),
    },
    {
      name: "a scene and an area",
      transform: "satellite.observe",
      input: () => ({ scene, area: smallArea }),
      options: { index: "(nir - red) / (nir + red)" },
      expect: (output) => assert.deepEqual((output as Raster).bands[0]?.grid?.crs, smallGrid.crs),
    },
    {
      name: "a clearing",
      transform: "satellite.detect-change",
      input: () => ({ scenes: forest(), area: smallArea }),
      options: { monitorFrom: "2023-01-01", minimumHectares: 0 },
      expect: (output) => {
        const { features } = output as Features;
        assert.deepEqual(
          features.map(({ properties }) => properties?.["pixels"]),
          [10],
        );
      },
    },
    {
      name: "a clearing that is new",
      transform: "satellite.update-alerts",
      input: () => ({ scenes: forest(), area: smallArea, known: none }),
      options: { monitorFrom: "2023-01-01", minimumHectares: 0 },
      expect: (output) => assert.equal((output as Features).features[0]?.properties?.["status"], "new"),
    },
    {
      name: "a fire",
      transform: "satellite.burn-severity",
      input: () => ({ scenes: burned(), area: smallArea }),
      options: { fireFrom: "2023-07-01", fireTo: "2023-07-05" },
      expect: (output) => {
        const hectares = (output as Features).features.map(({ properties }) =>
          Number(properties?.["areaHectares"]).toFixed(2),
        );
        assert.deepEqual(hectares, ["0.60"]);
      },
    },
    {
      name: "snow behind clouds",
      transform: "satellite.snow-area",
      input: () => ({ scenes: snow(), area: smallArea }),
      expect: (output) => {
        const [first] = (output as Table).rows;
        const [date, observed, unobserved, least, most, estimate] = first ?? [];
        assert.equal(date, "2019-07-30");
        const rounded = [observed, unobserved, least, most, estimate].map((value) => Number(value).toFixed(2));
        assert.deepEqual(rounded, ["1.10", "0.10", "0.55", "0.65", "0.60"]);
      },
    },
    {
      name: "ice of five summers",
      transform: "satellite.persistent-ice",
      input: () => ({ scenes: snow(), area: smallArea }),
      options: { minimumHectares: 0 },
      expect: (output) =>
        assert.deepEqual(
          (output as Features).features.map(({ properties }) => [properties?.["pixels"], properties?.["provisional"]]),
          [[55, false]],
        ),
    },
    {
      name: "snow on a slope",
      transform: "satellite.snow-line",
      input: () => ({ scenes: snow(), area: smallArea, elevation: dem }),
      options: { binMetres: 40 },
      expect: (output) => assert.equal((output as Table).rows[0]?.length, 6),
    },
    {
      name: "land and water",
      transform: "satellite.segment",
      input: () => scene,
      coverage: { done: 119, of: 120 },
      expect: (output) => {
        const [band] = (output as Raster).bands;
        assert.deepEqual([band?.name, band?.dtype, band?.nodata], ["class", "uint8", 255]);
      },
    },
    {
      name: "before and after",
      transform: "satellite.quick-look",
      input: () => ({ scenes: forest(), alerts: smallArea }),
      options: { title: "A small forest", panelPixels: 100 },
      expect: (output) => assert.equal((output as MapImage).png.type, "image/png"),
    },
    {
      name: "a pixel that was cleared",
      transform: "satellite.pixel-history",
      input: () => ({
        columns: ["date", "blue", "green", "red", "nir", "swir1", "swir2", "thermal", "pixelqa"],
        rows: Array.from({ length: 160 }, (_, index) => {
          const date = new Date(Date.UTC(2000, 0, 1 + 16 * index)).toISOString().slice(0, 10);
          const more = (index >= 100 ? 1500 : 0) + ((index * 13) % 7) * 10;
          return [date, 300 + more, 500 + more, 400 + more, 3000 - more, 1500 + more, 800 + more, 2900, 2];
        }),
      }),
      expect: (output) => assert.equal((output as Table).rows[0]?.[3], "2004-05-19"),
    },
  ],
  badInputs: [
    {
      name: "a table of something else",
      transform: "satellite.pixel-history",
      input: () => ({ columns: ["city"], rows: [["Vienna"]] }),
      code: "SG_INPUT_INVALID",
    },
    {
      name: "an area that is a point",
      transform: "satellite.observe",
      input: () => ({
        scene,
        area: {
          type: "FeatureCollection",
          features: [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [14.5, 45.9] } }],
        },
      }),
      code: "SG_SATELLITE_AREA",
    },
    {
      name: "an area somewhere else",
      transform: "satellite.detect-change",
      input: () => ({ scenes: forest(), area: elsewhere }),
      options: { monitorFrom: "2023-01-01" },
      code: "SG_SATELLITE_AREA",
    },
    {
      name: "a scene without a mask",
      transform: "satellite.index",
      input: () => ({ ...scene, bands: scene.bands.filter(({ name }) => name !== "scl") }),
      code: "SG_SATELLITE_MASK",
    },
    {
      name: "a band that is not there",
      transform: "satellite.index",
      input: () => scene,
      options: { index: "rededge1 / red" },
      code: "SG_SATELLITE_BAND",
    },
    {
      name: "an expression with a mistake",
      transform: "satellite.index",
      input: () => scene,
      options: { index: "(nir - red" },
      code: "SG_SATELLITE_EXPRESSION",
    },
    {
      name: "a series without a past",
      transform: "satellite.detect-change",
      input: () => ({ scenes: forest(), area: smallArea }),
      options: { monitorFrom: "2020-01-01" },
      code: "SG_SATELLITE_SERIES",
    },
    {
      name: "scenes of another index",
      transform: "satellite.snow-area",
      input: () => ({ scenes: forest(), area: smallArea }),
      code: "SG_SATELLITE_SERIES",
    },
    {
      name: "a fire that nobody saw",
      transform: "satellite.burn-severity",
      input: () => ({ scenes: burned(), area: smallArea }),
      options: { fireFrom: "2020-07-01", fireTo: "2020-07-05" },
      code: "SG_SATELLITE_SERIES",
    },
  ],
});
