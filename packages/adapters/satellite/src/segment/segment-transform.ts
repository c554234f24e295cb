import { defineTransform, type JsonObject } from "@stargate/kernel";
import { raster } from "../modalities/raster/raster.ts";
import { openScene } from "../read/open-scene.ts";
import { readContextOf } from "../read/read-context-of.ts";
import { segmentModelId } from "./segment-models.ts";
import { type SegmentModel, segmentOptionsSchema } from "./segment-options.ts";
import { segmentScene } from "./segment.ts";

/** Milliseconds of a million pixels of a small network on one core: a prior, as long as nothing was measured. */
const MS_PER_MEGAPIXEL = 2000;

/** What each pixel of a scene is, by a model of the operator's own. */
export function createSegmentTransform(model: SegmentModel) {
  const id = segmentModelId(model);
  return defineTransform({
    id: "satellite.segment",
    version: "1.0.0",
    summary: `Classes of a scene, or how probable they are, by a model: ${model.classes.join(", ")}`,
    from: raster,
    to: raster,
    options: segmentOptionsSchema,
    coverage: "reported",
    loss: { bands: 1 },
    network: true,
    // Who asks for a raster does not mean classes.
    plannable: false,
    cost: ({ pixels }) => ({ ms: 50 + (Number(pixels ?? 1e6) / 1e6) * MS_PER_MEGAPIXEL }),
    ladder: [{ name: "default", model: id }],
    async run(input, context) {
      const { output, ...options } = context.options;
      const scene = await openScene(input, { bands: model.bands, ...options }, readContextOf(context));
      const made = await segmentScene(scene, { model, output }, context);
      const pixels = scene.grid.widthPixels * scene.grid.heightPixels;
      const hidden = pixels - made.observedPixels;
      context.coverage({
        measure: "pixel",
        done: made.observedPixels,
        of: pixels,
        missing: hidden === 0 ? [] : [{ what: `${hidden} pixels`, reason: "not observed: clouds or no data" }],
      });
      context.meter({ unit: "megapixel", quantity: pixels / 1e6 });
      context.disclose({
        scene: scene.raster.id,
        model: id,
        classes: [...model.classes],
        tiles: made.tiles,
        mask: scene.mask.summary,
        ...(scene.radiometry !== undefined && { radiometry: scene.radiometry as unknown as JsonObject }),
        ...(scene.notes.length > 0 && { notes: [...scene.notes] }),
      });
      return made.raster;
    },
  });
}
