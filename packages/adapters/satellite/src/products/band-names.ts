import type { RasterBand } from "../modalities/raster/raster-schema.ts";
import type { Product } from "./product.ts";

/** The sensor decides what "B05" is: red edge of Sentinel-2, near infrared of Landsat 8. */
export type Sensor = "sentinel-2" | "landsat-oli" | "landsat-tm" | "unknown";

const sentinel2: Readonly<Record<string, string>> = {
  b01: "coastal",
  b02: "blue",
  b03: "green",
  b04: "red",
  b05: "rededge1",
  b06: "rededge2",
  b07: "rededge3",
  b08: "nir",
  b8a: "nir08",
  b09: "nir09",
  b10: "cirrus",
  b11: "swir16",
  b12: "swir22",
};

const oli: Readonly<Record<string, string>> = {
  b01: "coastal",
  b02: "blue",
  b03: "green",
  b04: "red",
  b05: "nir08",
  b06: "swir16",
  b07: "swir22",
  b08: "pan",
  b09: "cirrus",
  b10: "lwir11",
  b11: "lwir12",
};

const tm: Readonly<Record<string, string>> = {
  b01: "blue",
  b02: "green",
  b03: "red",
  b04: "nir08",
  b05: "swir16",
  b06: "lwir",
  b07: "swir22",
};

const spectral = new Set([
  ...Object.values(sentinel2),
  ...Object.values(oli),
  "nir",
  "rededge",
  "red",
  "green",
  "blue",
]);
const thermal = new Set(["lwir", "lwir11", "lwir12", "cirrus", "pan"]);

/** Names of what is no spectral band, and what it holds. */
const auxiliary: Readonly<Record<string, readonly [string, RasterBand["holds"]]>> = {
  scl: ["scl", "classes"],
  fmask: ["fmask", "bits"],
  qa_pixel: ["qa_pixel", "bits"],
  pixelqa: ["pixelqa", "bits"],
  qa_radsat: ["qa_radsat", "bits"],
  qa_aerosol: ["qa_aerosol", "bits"],
  sr_qa_aerosol: ["qa_aerosol", "bits"],
  cloud: ["cloud-probability", "probability"],
  clp: ["clp", "probability"],
  cld: ["cloud-probability", "probability"],
  "cloud-probability": ["cloud-probability", "probability"],
  snw: ["snow-probability", "probability"],
  snow: ["snow-probability", "probability"],
  aot: ["aot", "other"],
  wvp: ["wvp", "other"],
  dem: ["dem", "elevation"],
  ...Object.fromEntries(
    ["ndvi", "evi", "ndwi", "mndwi", "ndmi", "nbr", "dnbr", "ndsi", "savi"].map(
      (name) => [name, [name, "index"]] as const,
    ),
  ),
};

export function sensorOf(product: Product, id: string, platform: string | undefined): Sensor {
  if (product === "sentinel-2-l2a" || /sentinel-2/i.test(platform ?? "") || /^HLS\.S30/i.test(id)) return "sentinel-2";
  if (/landsat-?[457]/i.test(platform ?? "") || /^L[ET]0[457]/i.test(id)) return "landsat-tm";
  if (/landsat-?[89]/i.test(platform ?? "") || /^L[CO]0[89]/i.test(id) || /^HLS\.L30/i.test(id)) return "landsat-oli";
  return "unknown";
}

export interface BandIdentity {
  readonly name: string;
  readonly holds: RasterBand["holds"];
}

/**
 * What a name of a catalogue or a file means: "B04", "SR_B4", "red", "SCL", "IMG_DATA_B04_10m". Undefined when it is nothing
 * that is known.
 */
export function identifyBand(text: string, sensor: Sensor): BandIdentity | undefined {
  const name = text.toLowerCase().replace(/_(?:10|20|60)m$/, "");
  const known = auxiliary[name];
  if (known !== undefined) return { name: known[0], holds: known[1] };
  const [, digits] = /^(?:sr_|st_|toa_|srb|img_data_)?b?(\d{1,2}|8a)$/.exec(name) ?? [];
  const table = { "sentinel-2": sentinel2, "landsat-oli": oli, "landsat-tm": tm, unknown: undefined }[sensor];
  const isNumbered = digits !== undefined && /b/.test(name);
  const common = isNumbered ? table?.[`b${digits.padStart(2, "0").replace("08a", "8a")}`] : name;
  if (common === undefined || !spectral.has(common)) return undefined;
  return { name: common, holds: thermal.has(common) ? "other" : "reflectance" };
}
