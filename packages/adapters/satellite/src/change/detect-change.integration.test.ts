import { readFileSync } from "node:fs";
import { createPayload, openGate, type Gate } from "@stargate/kernel";
import { afterAll, beforeAll, describe, expect, test, type TestContext } from "vitest";
import { readNpy } from "../../../../../test/support/read-npy.ts";
import { sharedFile } from "../../../../../test/support/shared-files.ts";
import type { AlertProperties } from "../alerts/alert-schema.ts";
import { alertsOf } from "../alerts/alert-store.ts";
import { toPlace } from "../grid/affine.ts";
import { projectionBetween } from "../grid/crs.ts";
import type { Grid } from "../grid/grid.ts";
import { features } from "../modalities/features/features.ts";
import type { Features } from "../modalities/features/features-schema.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import { satellite } from "../satellite-adapter.ts";

// 68 dates of a hectare of real Slovenia; a clearing is made by taking 0.3 from the index where and when we want it.

const grid: Grid = {
  crs: "EPSG:32633",
  affine: [10, 0, 465_180, 0, -10, 5_080_250],
  widthPixels: 100,
  heightPixels: 101,
};
const CLEARED_ON = "2017-06-01";
const cleared = { column: 20, row: 30, widthPixels: 10, heightPixels: 8 };

let gate: Gate;
beforeAll(async () => {
  gate = await openGate({ adapters: [satellite()] });
});
afterAll(() => gate.close());

interface SeriesOptions {
  readonly until?: string;
  readonly isCleared: boolean;
}

function series(context: TestContext, { until = "2018", isCleared }: SeriesOptions): Raster[] {
  const file = (name: string): string => sharedFile(context, `testdata/satellite/eo-learn/${name}`);
  const ndvi = readNpy(file("NDVI.npy")).values;
  const clouds = readNpy(file("CLM.npy")).values;
  const dates = JSON.parse(readFileSync(file("timestamps.json"), "utf8")) as string[];
  const size = grid.widthPixels * grid.heightPixels;
  return dates.flatMap((date, index) => {
    if (date >= until) return [];
    const values = new Float32Array(size);
    for (let pixel = 0; pixel < size; pixel++) {
      const at = index * size + pixel;
      const loss = isCleared && date >= CLEARED_ON && isInside(pixel) ? 0.3 : 0;
      values[pixel] = clouds[at] === 0 ? (ndvi[at] ?? Number.NaN) - loss : Number.NaN;
    }
    return [
      {
        id: `slovenia-${date.slice(0, 10)}`,
        product: "sentinel-2-l2a",
        acquiredAt: `${date}Z`,
        bands: [{ name: "ndvi", holds: "index", sample: 0, source: { kind: "values", values }, grid }],
      } satisfies Raster,
    ];
  });
}

function isInside(pixel: number): boolean {
  const [column, row] = [pixel % grid.widthPixels, Math.floor(pixel / grid.widthPixels)];
  return (
    column >= cleared.column &&
    column < cleared.column + cleared.widthPixels &&
    row >= cleared.row &&
    row < cleared.row + cleared.heightPixels
  );
}

const toLonLat = projectionBetween(grid.crs, "EPSG:4326");
const corners = [[0, 101], [100, 101], [100, 0], [0, 0], [0, 101]] as const; // prettier-ignore
const area: Features = {
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: {},
      geometry: {
        type: "Polygon",
        coordinates: [
          corners.map(([column, row]) => toLonLat(...toPlace(grid.affine, column, row)) as [number, number]),
        ],
      },
    },
  ],
};

function detect(rasters: readonly Raster[], known?: Features) {
  const use = known === undefined ? "satellite.detect-change" : "satellite.update-alerts";
  const places = known === undefined ? ["scenes", "area"] : ["scenes", "area", "known"];
  const inputs = { scenes: "many(raster)", area: "features", ...(known !== undefined && { known: "features" }) };
  return gate.run(
    {
      scenes: (async function* () {
        yield* rasters;
      })(),
      area: createPayload(features, area),
      ...(known !== undefined && { known: createPayload(features, known) }),
    },
    {
      pipeline: {
        stargate: 1,
        name: "watch",
        inputs,
        steps: [
          {
            kind: "transform",
            id: "detect",
            use,
            from: Object.fromEntries(places.map((place) => [place, place])),
            with: { monitorFrom: "2017-05-01", historyYears: 3 },
          },
        ],
        output: "detect",
      },
    },
  );
}

describe("a clearing of 0.8 ha in a real series", () => {
  test("becomes an alert with its area, its dates and what speaks for it", { timeout: 60_000 }, async (context) => {
    const { value, receipt } = await detect(series(context, { isCleared: true }));
    const alerts = alertsOf(value as Features);
    const [found] = alerts.toSorted((a, b) => b.properties.areaHectares - a.properties.areaHectares);
    const facts = found?.properties as AlertProperties;
    expect(facts.areaHectares).toBeGreaterThan(0.7);
    expect(facts.areaHectares).toBeLessThan(1.2);
    expect(facts).toMatchObject({ confidence: "high", status: "new", verified: null, task: "deforestation" });
    const inTime = facts.months.filter(({ month }) => month >= "2017-05" && month <= "2017-07");
    expect(inTime.reduce((sum, { hectares }) => sum + hectares, 0)).toBeGreaterThan(0.7);
    expect(facts.confirmed).toBe("2017-07-10");
    expect(facts.magnitude).toBeLessThan(-0.2);
    expect(facts.evidence.length).toBeGreaterThan(20);
    expect(receipt.coverage.find(({ measure }) => measure === "pixel")).toMatchObject({ of: 10_100 });
    expect(JSON.stringify(receipt.steps[0])).toContain('"history":["2014');
  });

  test("is not there without it", { timeout: 60_000 }, async (context) => {
    const { value } = await detect(series(context, { isCleared: false }));
    const hectares = alertsOf(value as Features).reduce((sum, { properties }) => sum + properties.areaHectares, 0);
    expect(hectares).toBeLessThan(0.05 * 101);
  });

  test("is the same alert in later runs, with what people said of it", { timeout: 60_000 }, async (context) => {
    const none: Features = { type: "FeatureCollection", features: [] };
    const early = await detect(series(context, { isCleared: true, until: "2017-08-01" }), none);
    const [first] = alertsOf(early.value as Features);
    const verified = { by: "ranger", at: "2017-08-02T10:00:00Z", verdict: "confirmed" };
    const seen = {
      type: "FeatureCollection",
      features: (early.value as Features).features.map((feature) =>
        feature.id === first?.id ? { ...feature, properties: { ...feature.properties, verified } } : feature,
      ),
    } as Features;
    const late = await detect(series(context, { isCleared: true }), seen);
    const same = alertsOf(late.value as Features).find(({ id }) => id === first?.id);
    expect(same?.properties).toMatchObject({ verified, status: "known", firstBatch: first?.properties.firstBatch });
    const again = await detect(series(context, { isCleared: true }), late.value as Features);
    expect(again.value).toEqual(late.value);
  });
});
