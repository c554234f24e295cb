import { defineTransform, type JsonObject, type RunContext } from "@stargate/kernel";
import { areaOfInterest } from "../area/area-of-interest.ts";
import { insideArea } from "../area/inside-area.ts";
import { gridOfArea, utmZoneOf } from "../grid/area-grid.ts";
import { pixelSize as pixelSizeOf } from "../grid/affine.ts";
import { indexOrExpression } from "../indices/index-catalogue.ts";
import { features } from "../modalities/features/features.ts";
import { raster } from "../modalities/raster/raster.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import { readContextOf } from "../read/read-context-of.ts";
import { openScene, type OpenScene } from "../read/open-scene.ts";
import type { SatelliteOptions } from "../satellite-options.ts";
import { fail } from "../satellite-errors.ts";
import { indexRaster, type IndexRaster } from "./index-raster.ts";
import { observeAreaOptionsSchema, type ObserveOptions, observeOptionsSchema } from "./observe-options.ts";

const shared = {
  version: "1.0.0",
  to: raster,
  coverage: "reported",
  loss: { bands: 1 },
  // Files of catalogues are read by ranges over HTTP.
  network: true,
} as const;

/** Milliseconds for a million pixels of two bands: a prior, as long as nothing was measured. */
const MS_PER_MEGAPIXEL = 60;

const cost = ({ pixels }: Readonly<Record<string, unknown>>) => ({
  ms: 50 + (Number(pixels ?? 1e6) / 1e6) * MS_PER_MEGAPIXEL,
});

/** A whole scene as one index: clear pixels only, in reflectance, decided and not guessed. */
export const indexTransform = defineTransform({
  ...shared,
  id: "satellite.index",
  summary: "An index of a whole scene (NDVI, NBR, NDSI, or an expression over bands), clouds left out",
  from: raster,
  options: observeOptionsSchema,
  cost,
  async run(scene, context) {
    const opened = await open(scene, context);
    const { pixelSize } = context.options;
    if (pixelSize !== undefined && pixelSize !== pixelSizeOf(opened.grid)[0])
      throw fail("SG_OPTIONS_INVALID", "satellite.index keeps the pixels of the scene", {
        hint: "Use satellite.observe with an area to choose their size.",
      });
    const made = await indexRaster(
      opened,
      { index: context.options.index, grid: opened.grid, compression: "none" },
      context,
    );
    report(made, opened, context);
    return made.raster;
  },
});

/** The part of a scene that lies in an area as one index, on pixels that are the same for every scene of the area. */
export function createObserveTransform({ maxAreaPixels }: Pick<SatelliteOptions, "maxAreaPixels">) {
  return defineTransform({
    ...shared,
    id: "satellite.observe",
    summary: "What a scene shows of an area, as one index on the pixels of the area, clouds left out",
    from: { scene: raster, area: features },
    options: observeAreaOptionsSchema,
    cost,
    async run({ scene, area }, context) {
      const { options } = context;
      const opened = await open(scene, context);
      const aoi = areaOfInterest(area);
      const crs = options.crs ?? utmZoneOf(aoi.bounds);
      const grid = gridOfArea(aoi, crs, options.pixelSize ?? pixelSizeOf(opened.grid)[0]);
      const pixels = grid.widthPixels * grid.heightPixels;
      if (pixels > maxAreaPixels)
        throw fail(
          "SG_SATELLITE_AREA",
          `The area has ${pixels} pixels of ${grid.affine[0]}; the limit is ${maxAreaPixels}`,
          {
            hint: "Ask for a part of it, or for larger pixels with `pixelSize`.",
          },
        );
      const inside = insideArea(area, grid);
      const made = await indexRaster(opened, { index: options.index, grid, inside, compression: "deflate" }, context);
      report(made, opened, context);
      context.coverage({ measure: "feature", done: area.features.length, of: area.features.length });
      return made.raster;
    },
  });
}

function open(scene: Raster, context: RunContext<ObserveOptions>): Promise<OpenScene> {
  const { index, task, mask, radiometry } = context.options;
  return openScene(scene, { bands: indexOrExpression(index).bands, task, mask, radiometry }, readContextOf(context));
}

function report(
  { observedPixels, wantedPixels }: IndexRaster,
  scene: OpenScene,
  context: RunContext<ObserveOptions>,
): void {
  const { mask, radiometry, notes, raster: source } = scene;
  const hidden = wantedPixels - observedPixels;
  context.coverage({
    measure: "pixel",
    done: observedPixels,
    of: wantedPixels,
    missing:
      hidden === 0
        ? []
        : [{ what: `${hidden} pixels`, reason: "not observed: clouds, no data or outside of the scene" }],
  });
  context.meter({ unit: "megapixel", quantity: wantedPixels / 1e6 });
  context.disclose({
    scene: source.id,
    index: context.options.index,
    mask: mask.summary,
    ...(radiometry !== undefined && { radiometry: radiometry as unknown as JsonObject }),
    ...(notes.length > 0 && { notes: [...notes] }),
  });
}
