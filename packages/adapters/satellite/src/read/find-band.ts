import type { Raster, RasterBand } from "../modalities/raster/raster-schema.ts";
import { fail } from "../satellite-errors.ts";

/** What may stand in for a band: the narrow near infrared for the wide one and the other way round. */
const standIns: Readonly<Record<string, readonly string[]>> = { nir: ["nir08"], nir08: ["nir"] };

/** Band of a name, or its stand-in. Throws SG_SATELLITE_BAND naming what there is. */
export function findBand(raster: Raster, name: string): RasterBand {
  for (const candidate of [name, ...(standIns[name] ?? [])]) {
    const band = raster.bands.find((one) => one.name === candidate);
    if (band !== undefined) return band;
  }
  throw fail(
    "SG_SATELLITE_BAND",
    `Scene "${raster.id}" has no band "${name}"; it has ${raster.bands.map((band) => band.name).join(", ")}`,
  );
}
