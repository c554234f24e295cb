import { createPortableHost, isStargateError } from "@stargate/kernel";
import type { TestContext } from "vitest";
import { describe, expect, it } from "vitest";
import { sharedFile } from "../../../../../test/support/shared-files.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import type { Product } from "../products/product.ts";
import { openBand } from "../read/open-band.ts";
import { openSceneFolder } from "../stac/open-scene-folder.ts";
import { sampleLattice, sceneSample, type SceneSample } from "./band-sample.ts";
import { decideRadiometry } from "./decide-radiometry.ts";
import { readReferenceScenes, type ReflectanceScene } from "./scenes.fixture.ts";

const { fetch, offload } = createPortableHost();
const context = { fetch, offload, signal: new AbortController().signal };

async function realScenes(test: TestContext): Promise<ReadonlyMap<string, ReflectanceScene>> {
  const scenes = await readReferenceScenes(sharedFile(test, "testdata/satellite/eo-learn"));
  const { series } = await openSceneFolder(sharedFile(test, "testdata/satellite/s2-l2a-cog"));
  const desert = await Promise.all(
    (series.rasters[0]?.bands ?? [])
      .filter(({ holds }) => holds === "reflectance")
      .map(
        async (band) =>
          [band.name, (await sampleLattice(await openBand(band, context))).map((dn) => dn / 10_000)] as const,
      ),
  );
  return new Map([
    ["desert", Object.fromEntries(desert)],
    ...scenes.map((scene, index) => [`scene ${index}`, scene] as const),
  ]);
}

/** Enough of them for a table of thousands of cases: desert, clouds, haze, vegetation. */
const someScenes = async (test: TestContext): Promise<ReadonlyMap<string, ReflectanceScene>> =>
  new Map([...(await realScenes(test))].slice(0, 4));

/** How numbers were really made of reflectance. */
interface Truth {
  readonly name: string;
  readonly scale: number;
  readonly offset: number;
  encode(reflectance: number): number;
}

const sentinelTruths: readonly Truth[] = [
  { name: "DN", scale: 0.0001, offset: 0, encode: (r) => Math.round(r * 10_000) },
  { name: "DN + 1000", scale: 0.0001, offset: -0.1, encode: (r) => Math.round(r * 10_000) + 1000 },
  { name: "reflectance", scale: 1, offset: 0, encode: (r) => r },
  { name: "reflectance + 0.1", scale: 1, offset: -0.1, encode: (r) => r + 0.1 },
  {
    name: "DN - 1000, cut at 0",
    scale: 0.0001,
    offset: 0.1,
    encode: (r) => Math.max(0, Math.round(r * 10_000) - 1000),
  },
  {
    name: "DN - 1000, cut at 1",
    scale: 0.0001,
    offset: 0.1,
    encode: (r) => Math.max(1, Math.round(r * 10_000) - 1000),
  },
  { name: "reflectance - 0.1", scale: 1, offset: 0.1, encode: (r) => r - 0.1 },
];

const landsatTruths: readonly Truth[] = [
  { name: "collection 2", scale: 0.0000275, offset: -0.2, encode: (r) => Math.round((r + 0.2) / 0.0000275) },
  { name: "collection 1", scale: 0.0001, offset: 0, encode: (r) => Math.round(r * 10_000) },
  { name: "reflectance", scale: 1, offset: 0, encode: (r) => r },
  { name: "reflectance + 0.2", scale: 1, offset: -0.2, encode: (r) => r + 0.2 },
  { name: "DN + 1000", scale: 0.0001, offset: -0.1, encode: (r) => Math.round(r * 10_000) + 1000 },
];

function sampleOf(scene: ReflectanceScene, truth: Truth, isMasked: boolean): SceneSample {
  const read = Object.entries(scene).map(([name, reflectance]) => ({
    band: { name, nodata: truth.scale < 1 ? 0 : undefined },
    numbers: reflectance.map((value) => truth.encode(value)),
  }));
  const { blue } = scene;
  return sceneSample(read, isMasked ? (point) => (blue?.[point] ?? 0) < 0.13 : undefined);
}

type Outcome = "right" | "refused" | "undecided" | "wrong";

interface Case {
  readonly product: Product;
  readonly scale: number | undefined;
  readonly offset: number | undefined;
  readonly processing: NonNullable<Raster["processing"]>;
  readonly year: number;
}

function outcome(sample: SceneSample, truth: Truth, { product, scale, offset, processing, year }: Case): Outcome {
  const raster: Raster = { id: "s", product, acquiredAt: `${year}-06-01T00:00:00Z`, processing, bands: [] };
  try {
    const decision = decideRadiometry({ raster, sample, option: "auto", stated: [{ band: "red", scale, offset }] });
    if (decision.confidence === 0) return "undecided";
    return decision.scale === truth.scale && decision.offset === truth.offset ? "right" : "wrong";
  } catch (error) {
    if (isStargateError(error) && error.code === "SG_SATELLITE_RADIOMETRY") return "refused";
    throw error;
  }
}

const sentinelCases: readonly Case[] = [undefined, "02.14", "05.09"].flatMap((baseline) =>
  [undefined, true, false].flatMap((boaOffsetApplied) =>
    [undefined, 0, -0.1].flatMap((offset) =>
      [undefined, 0.0001, 1].flatMap((scale) =>
        [2020, 2023].map((year) => ({
          product: "sentinel-2-l2a" as const,
          scale,
          offset,
          year,
          processing: {
            ...(baseline === undefined ? {} : { baseline }),
            ...(boaOffsetApplied === undefined ? {} : { boaOffsetApplied }),
          },
        })),
      ),
    ),
  ),
);

const landsatCases: readonly Case[] = [undefined, 0.0000275, 0.0001, 1].flatMap((scale) =>
  [undefined, -0.2, 0, -0.1].flatMap((offset) =>
    (["landsat-c2-l2", "landsat-ard", "hls"] as const).map((product) => ({
      product,
      scale,
      offset,
      year: 2021,
      processing: {},
    })),
  ),
);

function count(
  scenes: ReadonlyMap<string, ReflectanceScene>,
  { truths, cases }: { truths: readonly Truth[]; cases: readonly Case[] },
): { readonly counts: Record<Outcome, number>; readonly wrong: readonly string[] } {
  const counts = { right: 0, refused: 0, undecided: 0, wrong: 0 };
  const wrong: string[] = [];
  for (const [name, scene] of scenes)
    for (const truth of truths)
      for (const isMasked of [true, false]) {
        const sample = sampleOf(scene, truth, isMasked);
        for (const one of cases) {
          const result = outcome(sample, truth, one);
          counts[result] += 1;
          if (result === "wrong") wrong.push(`${name}, ${truth.name}, masked ${isMasked}, ${JSON.stringify(one)}`);
        }
      }
  return { counts, wrong };
}

describe("radiometry of real scenes under every wrong statement", () => {
  it("is right or refused for Sentinel-2, never silently wrong", async (test) => {
    const { counts, wrong } = count(await someScenes(test), { truths: sentinelTruths, cases: sentinelCases });
    expect(wrong).toEqual([]);
    expect(counts).toEqual({ right: 522, refused: 7416, undecided: 1134, wrong: 0 });
  });

  it("is right or refused for Landsat and HLS, never silently wrong", async (test) => {
    const { counts, wrong } = count(await someScenes(test), { truths: landsatTruths, cases: landsatCases });
    expect(wrong).toEqual([]);
    expect(counts).toEqual({ right: 168, refused: 1512, undecided: 240, wrong: 0 });
  });

  it("is right where metadata are right and something is clear", async (test) => {
    const scenes = await realScenes(test);
    for (const [name, scene] of scenes) {
      if (name === "scene 0") continue; // clouds everywhere
      for (const [truth, baseline, year] of [
        [sentinelTruths[0], "02.14", 2020],
        [sentinelTruths[1], "05.09", 2023],
      ] as const) {
        const stated = { product: "sentinel-2-l2a", scale: 0.0001, offset: truth?.offset, year } as const;
        const sample = truth === undefined ? undefined : sampleOf(scene, truth, true);
        expect(sample && truth && outcome(sample, truth, { ...stated, processing: { baseline } }), name).toBe("right");
      }
    }
  });
});
