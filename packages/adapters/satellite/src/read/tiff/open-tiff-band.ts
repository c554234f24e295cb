import type { PixelWindow } from "../../grid/grid.ts";
import type { RasterValues } from "../../modalities/raster/raster-schema.ts";
import { fail } from "../../satellite-errors.ts";
import type { BandFile, ReadContext } from "../open-band.ts";
import type { RangeReader } from "../source/range-reader.ts";
import { createRasterValues, dtypeOfValues } from "../raster-arrays.ts";
import { subsample } from "../subsample.ts";
import { nodataOf, sampleMetadata } from "./gdal-metadata.ts";
import { affineOf, crsOf } from "./geo-keys.ts";
import { pictureLayout } from "./picture-layout.ts";
import { fetchWindow, type Picture, readPicture } from "./read-picture.ts";
import { tags } from "./tags.ts";
import { openTiff } from "./tiff-file.ts";

/** Opens one sample of a GeoTIFF. Throws SG_INPUT_CORRUPT, SG_SATELLITE_ENCODING, SG_SATELLITE_BAND and what the source throws. */
export async function openTiffBand(
  reader: RangeReader,
  sample: number,
  { offload, signal }: ReadContext,
): Promise<BandFile> {
  const { name } = reader.source;
  const file = await openTiff(reader, signal);
  const main: Picture = { directory: file.main, layout: pictureLayout(file.main, name) };
  const { layout } = main;
  if (sample >= layout.samples)
    throw fail("SG_SATELLITE_BAND", `${name} has ${layout.samples} samples, number ${sample + 1} was asked for`);
  const metadata = sampleMetadata(file.main, sample);

  let found: Promise<readonly Picture[]> | undefined;
  const overviews = (): Promise<readonly Picture[]> => (found ??= findOverviews());
  async function findOverviews(): Promise<readonly Picture[]> {
    const others = (await file.directories(signal)).slice(1);
    // Bit 0: reduced resolution; bit 2: a mask, which is another kind of picture.
    const reduced = others.filter((directory) => ((directory.numbers(tags.newSubfileType)?.[0] ?? 0) & 5) === 1);
    return reduced
      .map((directory): Picture => ({ directory, layout: pictureLayout(directory, name) }))
      .filter((picture) => picture.layout.samples === layout.samples && picture.layout.dtype === layout.dtype)
      .toSorted((a, b) => b.layout.widthPixels - a.layout.widthPixels);
  }

  async function readDecimated(window: PixelWindow, decimate: number): Promise<RasterValues> {
    const fits = (picture: Picture): boolean => layout.widthPixels / picture.layout.widthPixels <= decimate * 1.01;
    const coarse = (await overviews()).findLast(fits) ?? main;
    const scaleX = coarse.layout.widthPixels / layout.widthPixels;
    const scaleY = coarse.layout.heightPixels / layout.heightPixels;
    const column = Math.min(coarse.layout.widthPixels - 1, Math.floor(window.column * scaleX));
    const row = Math.min(coarse.layout.heightPixels - 1, Math.floor(window.row * scaleY));
    const part: PixelWindow = {
      column,
      row,
      widthPixels:
        Math.min(coarse.layout.widthPixels, Math.ceil((window.column + window.widthPixels) * scaleX)) - column,
      heightPixels: Math.min(coarse.layout.heightPixels, Math.ceil((window.row + window.heightPixels) * scaleY)) - row,
    };
    const values = await readPicture(file, coarse, { window: part, sample, offload, signal });
    if (coarse === main) return subsample(values, part.widthPixels, { ...part, column: 0, row: 0 }, decimate);
    return nearestOf(values, part, {
      width: Math.ceil(window.widthPixels / decimate),
      height: Math.ceil(window.heightPixels / decimate),
      columnAt: (x) => (window.column + (x + 0.5) * decimate) * scaleX - column,
      rowAt: (y) => (window.row + (y + 0.5) * decimate) * scaleY - row,
    });
  }

  return {
    dtype: layout.dtype,
    widthPixels: layout.widthPixels,
    heightPixels: layout.heightPixels,
    crs: crsOf(file.main),
    affine: affineOf(file.main),
    nodata: nodataOf(file.main),
    scale: metadata.scale,
    offset: metadata.offset,
    overviews: async () =>
      (await overviews()).map(({ layout: { widthPixels, heightPixels } }) => ({ widthPixels, heightPixels })),
    chunks: { widthPixels: layout.chunkWidth, heightPixels: layout.chunkHeight },
    fetchWindow: (window) => fetchWindow(file, main, { window, sample, signal }),
    readWindow: (window, decimate) =>
      decimate > 1 ? readDecimated(window, decimate) : readPicture(file, main, { window, sample, offload, signal }),
  };
}

/** Picks the pixel under each point of a coarser lattice. */
function nearestOf(
  values: RasterValues,
  part: PixelWindow,
  lattice: { width: number; height: number; columnAt(x: number): number; rowAt(y: number): number },
): RasterValues {
  const clamp = (value: number, size: number): number => Math.min(size - 1, Math.max(0, Math.floor(value)));
  const output = createRasterValues(dtypeOfValues(values), lattice.width * lattice.height);
  const columns = Array.from({ length: lattice.width }, (_, x) => clamp(lattice.columnAt(x), part.widthPixels));
  for (let y = 0; y < lattice.height; y++) {
    const row = clamp(lattice.rowAt(y), part.heightPixels) * part.widthPixels;
    for (let x = 0; x < lattice.width; x++) output[y * lattice.width + x] = values[row + (columns[x] ?? 0)] ?? 0;
  }
  return output;
}
