import { type Adapter, defineAdapter, parseStrictly } from "@stargate/kernel";
import { detectChangeTransform, updateAlertsTransform } from "./change/change-transforms.ts";
import { features } from "./modalities/features/features.ts";
import { mapImage } from "./modalities/map-image/map-image.ts";
import { raster } from "./modalities/raster/raster.ts";
import { rasterSeries } from "./modalities/raster-series/raster-series.ts";
import { createObserveTransform, indexTransform } from "./observe/observe-transforms.ts";
import { createStacCache } from "./stac/stac-cache.ts";
import { createSearchPeriodTransform, createSearchTransform, scenesTransform } from "./stac/search-transforms.ts";
import { burnSeverityTransform } from "./burn/burn-transform.ts";
import { persistentIceTransform, snowAreaTransform, snowLineTransform } from "./glacier/glacier-transforms.ts";
import { pixelHistoryTransform } from "./detect/ccdc/ccdc-transform.ts";
import { quickLookTransform } from "./map/quick-look-transform.ts";
import { segmentModels } from "./segment/segment-models.ts";
import { createSegmentTransform } from "./segment/segment-transform.ts";
import { type SatelliteOptionsInput, satelliteOptionsSchema } from "./satellite-options.ts";

/**
 * From an area and a catalogue of scenes to confirmed, dated, explained alerts. Throws SG_OPTIONS_INVALID.
 * @example
 * const gate = await openGate({ adapters: [satellite()] });
 */
export function satellite(input: SatelliteOptionsInput = {}): Adapter {
  const options = parseStrictly("Options of the satellite adapter", satelliteOptionsSchema, input);
  const searches = { maxScenes: options.maxScenes, cache: createStacCache() };
  return defineAdapter({
    spec: 1,
    id: "satellite",
    version: "0.1.0",
    summary: "From an area and a STAC catalogue to confirmed, dated, explained alerts",
    modalities: [raster, rasterSeries, features, mapImage],
    transforms: [
      createSearchTransform(searches),
      createSearchPeriodTransform(searches),
      scenesTransform,
      indexTransform,
      createObserveTransform(options),
      detectChangeTransform,
      updateAlertsTransform,
      burnSeverityTransform,
      snowAreaTransform,
      persistentIceTransform,
      snowLineTransform,
      quickLookTransform,
      pixelHistoryTransform,
      ...(options.segment === undefined ? [] : [createSegmentTransform(options.segment)]),
    ],
    models: options.segment === undefined ? [] : segmentModels(options.segment),
  });
}
