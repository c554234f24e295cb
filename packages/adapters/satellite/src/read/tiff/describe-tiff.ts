import type { RasterBand } from "../../modalities/raster/raster-schema.ts";
import { fail } from "../../satellite-errors.ts";
import { createBlobSource } from "../source/blob-source.ts";
import { createRangeReader } from "../source/range-reader.ts";
import { nodataOf, sampleMetadata } from "./gdal-metadata.ts";
import { affineOf, crsOf } from "./geo-keys.ts";
import { pictureLayout } from "./picture-layout.ts";
import { openTiff } from "./tiff-file.ts";

/** More samples than any sensor has bands: an attack or no picture of the earth. */
const MAX_SAMPLES = 1000;

/** Facts of each sample of a GeoTIFF, from its header alone. Throws as `openBand` does. */
export async function describeTiff(
  blob: Blob,
  name: string,
  signal: AbortSignal,
): Promise<
  readonly (Pick<RasterBand, "dtype" | "scale" | "offset" | "nodata" | "grid"> & { readonly description?: string })[]
> {
  const { main } = await openTiff(createRangeReader(createBlobSource(blob, name)), signal);
  const layout = pictureLayout(main, name);
  const crs = crsOf(main);
  const affine = affineOf(main);
  if (crs === undefined || affine === undefined)
    throw fail(
      "SG_SATELLITE_GRID",
      `${name} does not say ${crs === undefined ? "in which reference system it lies" : "where its first pixel lies"}`,
    );
  if (layout.samples > MAX_SAMPLES)
    throw fail("SG_SATELLITE_ENCODING", `${name} has ${layout.samples} samples; ${MAX_SAMPLES} are read at most`);
  const nodata = nodataOf(main);
  const { dtype, widthPixels, heightPixels } = layout;
  return Array.from({ length: layout.samples }, (_, sample) => {
    const { scale, offset, description } = sampleMetadata(main, sample);
    return {
      dtype,
      grid: { crs, affine, widthPixels, heightPixels },
      ...(scale === undefined ? {} : { scale }),
      ...(offset === undefined ? {} : { offset }),
      ...(nodata === undefined ? {} : { nodata }),
      ...(description === undefined ? {} : { description }),
    };
  });
}
