import { gridSchema, type Grid } from "../grid/grid.ts";
import { bandContents, rasterSchema, type Raster, type RasterBand } from "../modalities/raster/raster-schema.ts";
import { type BandIdentity, identifyBand, type Sensor, sensorOf } from "../products/band-names.ts";
import { productOf } from "../products/product-of.ts";
import { fail } from "../satellite-errors.ts";
import type { StacAsset, StacBand, StacItem } from "./stac-schema.ts";

/** Where the file of an asset is; undefined leaves the asset out. */
export type AssetSource = (asset: StacAsset, key: string) => RasterBand["source"] | undefined;

/** Roles and names of pictures to look at, not to measure. */
const pictures = /^(?:thumbnail|overview|visual|rendered_preview|preview|tilejson|tci|reduced_resolution_browse)/i;

/**
 * A scene of a STAC item (1.0 with eo:/raster: extensions, 1.1 with `bands`), with the naming of Earth Search, Planetary
 * Computer, USGS and HLS understood. Throws SG_SATELLITE_BAND when no band of it is known, SG_INPUT_INVALID for
 * values that no scene can have.
 */
export function rasterOfItem(item: StacItem, sourceOf: AssetSource): Raster {
  const { properties } = item;
  const text = (name: string): string | undefined =>
    typeof properties[name] === "string" ? properties[name] : undefined;
  const number = (name: string): number | undefined =>
    typeof properties[name] === "number" ? properties[name] : undefined;
  const productUri = text("s2:product_uri");
  const product = productOf({
    id: item.id,
    collection: item.collection ?? undefined,
    s2ProductType: text("s2:product_type"),
    productUri,
  });
  const sensor = sensorOf(product, item.id, text("platform"));
  const bands: RasterBand[] = [];
  // The first of a name is the best: GeoTIFF is read by window, JPEG 2000 only whole.
  const isSlow = ([, { type, href }]: readonly [string, StacAsset]): number =>
    Number(type === "image/jp2" || /\.jp2(?:\?|$)/i.test(href));
  for (const [key, asset] of Object.entries(item.assets).toSorted((a, b) => isSlow(a) - isSlow(b))) {
    if (!isMeasured(key, asset)) continue;
    const source = sourceOf(asset, key);
    if (source === undefined) continue;
    for (const band of bandsOf(key, asset, { properties, sensor, source }))
      if (bands.every(({ name }) => name !== band.name)) bands.push(band);
  }
  if (bands.length === 0)
    throw fail(
      "SG_SATELLITE_BAND",
      `Item "${item.id}" has no band that can be read; its assets are ${Object.keys(item.assets).join(", ") || "none"}`,
    );
  const acquiredAt = instantOf(text("datetime") ?? text("start_datetime"));
  const cloudPercent = number("eo:cloud_cover");
  const baseline =
    text("s2:processing_baseline") ??
    text("processing:version") ??
    /_N(\d\d)(\d\d)_/
      .exec(productUri ?? item.id)
      ?.slice(1)
      .join(".");
  const applied = properties["earthsearch:boa_offset_applied"];
  const { bbox } = item;
  const self = item.links.find(({ rel }) => rel === "self")?.href;
  return rasterSchema.parse({
    id: item.id,
    product,
    bands,
    ...(acquiredAt === undefined ? {} : { acquiredAt }),
    ...(self === undefined ? {} : { catalogue: self }),
    processing: {
      ...(product === "sentinel-2-l2a" && baseline !== undefined ? { baseline } : {}),
      ...(typeof applied === "boolean" ? { boaOffsetApplied: applied } : {}),
    },
    ...(cloudPercent !== undefined && cloudPercent >= 0 && cloudPercent <= 100
      ? { cloudShare: cloudPercent / 100 }
      : {}),
    ...(bbox?.length === 4 ? { bounds: bbox } : {}),
    ...(bbox?.length === 6 ? { bounds: [bbox[0], bbox[1], bbox[3], bbox[4]] } : {}),
  });
}

function isMeasured(key: string, { href, type, roles }: StacAsset): boolean {
  if (pictures.test(key) || roles?.some((role) => pictures.test(role)) === true) return false;
  const isRaster = /image\/(?:tiff|vnd\.stac\.geotiff|jp2)/.test(type ?? "");
  return isRaster || ((type ?? "") === "" && /\.(?:tiff?|jp2)(?:\?|$)/i.test(href));
}

interface AssetPlace {
  readonly properties: StacItem["properties"];
  readonly sensor: Sensor;
  readonly source: RasterBand["source"];
}

function bandsOf(key: string, asset: StacAsset, place: AssetPlace): readonly RasterBand[] {
  const described = asset.bands ?? asset["eo:bands"] ?? [];
  const rasters = asset["raster:bands"] ?? [];
  const grid = gridOf(asset, place.properties);
  const count = Math.max(1, described.length, rasters.length);
  return Array.from({ length: count }, (_, sample) => ({ ...described[sample], ...withoutNothing(rasters[sample]) }))
    .map((band: Partial<StacBand>, sample) => ({
      band,
      sample,
      identity: identify(key, asset, band, place.sensor, count),
    }))
    .flatMap(({ band, sample, identity }) => {
      if (identity === undefined) return [];
      const nodata = band.nodata === "nan" ? Number.NaN : (band.nodata ?? asset.nodata);
      const scale = band.scale ?? band["raster:scale"] ?? asset["raster:scale"];
      const offset = band.offset ?? band["raster:offset"] ?? asset["raster:offset"];
      return [
        {
          ...identity,
          source: place.source,
          sample,
          ...(typeof scale === "number" ? { scale } : {}),
          ...(typeof offset === "number" ? { offset } : {}),
          ...(typeof nodata === "number" ? { nodata } : {}),
          ...(grid === undefined ? {} : { grid }),
        },
      ];
    });
}

const withoutNothing = (band: StacBand | undefined): Partial<StacBand> =>
  Object.fromEntries(Object.entries(band ?? {}).filter(([, value]) => value !== undefined && value !== null));

/** The key of an asset is the surest name ("rededge2" where all three share a common name), then the band's own. */
function identify(
  key: string,
  asset: StacAsset,
  band: Partial<StacBand>,
  sensor: Sensor,
  count: number,
): BandIdentity | undefined {
  const holds = asset["stargate:holds"];
  const own = bandContents.find((known) => known === holds);
  if (own !== undefined) return { name: key, holds: own }; // written by itemOfRaster
  const names = [band.name, band["eo:common_name"], band.common_name].filter((name) => name !== undefined);
  const file = /([^/_.]+)\.(?:tiff?|jp2)(?:\?|$)/i.exec(asset.href)?.[1];
  const candidates = count > 1 ? names : [key.replace(/-jp2$/, ""), ...names, ...(file === undefined ? [] : [file])];
  for (const candidate of candidates) {
    const found = identifyBand(candidate, sensor);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** https://github.com/stac-extensions/projection: fields of the asset win over those of the item. */
function gridOf(asset: StacAsset, properties: StacItem["properties"]): Grid | undefined {
  const field = (name: string): unknown => asset[`proj:${name}`] ?? properties[`proj:${name}`];
  const epsg = field("epsg");
  const code = field("code") ?? (typeof epsg === "number" ? `EPSG:${epsg}` : undefined);
  const shape = field("shape");
  const transform = field("transform");
  const [height, width]: readonly unknown[] = Array.isArray(shape) ? shape : [];
  const parsed = gridSchema.safeParse({
    crs: code,
    affine: Array.isArray(transform) ? transform.slice(0, 6) : undefined,
    widthPixels: width,
    heightPixels: height,
  });
  return parsed.success ? parsed.data : undefined; // the file itself says it, too
}

/** ISO 8601 in UTC; undefined for what is no instant. */
function instantOf(text: string | undefined): string | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
