import { fail } from "../../satellite-errors.ts";
import type { Raster } from "./raster-schema.ts";

/** The file all bands lie in: what transforms make is one. */
export function fileOf({ bands }: Raster): Blob | undefined {
  const files = new Set(bands.map(({ source }) => (source.kind === "file" ? source.blob : undefined)));
  return files.size === 1 ? [...files][0] : undefined;
}

/** The GeoTIFF itself. Throws SG_OUTPUT_NOT_ACCEPTABLE for rasters of several files, of addresses, or of another format. */
export async function encodeGeoTiff(raster: Raster): Promise<Blob> {
  const file = fileOf(raster);
  const head = new Uint8Array((await file?.slice(0, 2).arrayBuffer()) ?? []);
  const order = String.fromCharCode(...head);
  if (file !== undefined && (order === "II" || order === "MM")) return file;
  throw fail("SG_OUTPUT_NOT_ACCEPTABLE", `Scene "${raster.id}" is no single GeoTIFF`, {
    hint: "Make one of it: satellite.index.",
  });
}
