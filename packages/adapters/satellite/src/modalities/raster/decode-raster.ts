import type { CodecContext } from "@stargate/kernel";
import { bareScenes } from "../../stac/bare-scenes.ts";
import { sceneOfItem, scenesOfCollection } from "../../stac/decode-items.ts";
import { describeTiff } from "../../read/tiff/describe-tiff.ts";
import { identifyBand, sensorOf } from "../../products/band-names.ts";
import { productOf } from "../../products/product-of.ts";
import { fail } from "../../satellite-errors.ts";
import type { RasterSeries } from "../raster-series/raster-series.ts";
import type { Raster, RasterBand } from "./raster-schema.ts";

/**
 * A GeoTIFF as a scene: one band for each sample. Date, product and band come from its name, when it has one ("S2A_20200219_B04.tif"),
 * names of bands from GDAL's descriptions. Throws SG_INPUT_CORRUPT, SG_SATELLITE_GRID, SG_SATELLITE_ENCODING.
 */
export async function decodeGeoTiff(blob: Blob, { name, signal }: CodecContext): Promise<Raster> {
  const samples = await describeTiff(blob, name ?? "the GeoTIFF", signal);
  const stem = (name ?? "raster").replace(/^.*[/\\]/, "").replace(/\.tiff?$/i, "");
  const [scene] = bareScenes([{ path: "", name: name ?? "raster" }]).scenes;
  const product = scene?.product ?? productOf({ id: stem });
  const sensor = sensorOf(product, stem, undefined);
  const [only] = scene?.bands ?? [];
  const bands = samples.map(({ description, ...facts }, sample): RasterBand => {
    const identity =
      (description === undefined ? undefined : identifyBand(description, sensor)) ??
      (samples.length === 1 && only !== undefined ? { name: only.name, holds: only.holds } : undefined);
    return {
      ...(identity ?? { name: samples.length === 1 ? "value" : `band${sample + 1}`, holds: "other" }),
      source: { kind: "file", blob },
      sample,
      ...facts,
    };
  });
  return {
    id: stem,
    product,
    bands,
    ...(scene?.acquiredAt === undefined ? {} : { acquiredAt: scene.acquiredAt }),
    ...(scene?.processing === undefined ? {} : { processing: scene.processing }),
  };
}

/** A STAC item as a scene whose files are read from the web. Throws SG_INPUT_CORRUPT and SG_INPUT_INVALID. */
export async function decodeItem(blob: Blob): Promise<Raster> {
  return sceneOfItem(parseJson(await blob.text()));
}

/** STAC items as a series; items that cannot be read make it fail. Throws SG_INPUT_CORRUPT and SG_INPUT_INVALID. */
export async function decodeItems(blob: Blob): Promise<RasterSeries> {
  return scenesOfCollection(parseJson(await blob.text()));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw fail("SG_INPUT_CORRUPT", "The STAC item is no JSON", { cause: error });
  }
}
