import { type Clock, type GatedFetch, type Offload, throwIfCancelled } from "@stargate/kernel";
import { clippedWindow, isSameGrid } from "../grid/affine.ts";
import { isSupportedCrs } from "../grid/crs.ts";
import type { Grid, PixelWindow } from "../grid/grid.ts";
import type { RasterBand, RasterDtype, RasterValues } from "../modalities/raster/raster-schema.ts";
import { fail } from "../satellite-errors.ts";
import type { PieceInput } from "./decode/piece-task.ts";
import { subsample } from "./subsample.ts";
import { createBlobSource } from "./source/blob-source.ts";
import type { ByteSource } from "./source/byte-source.ts";
import { createHttpSource } from "./source/http-source.ts";
import { createRangeReader } from "./source/range-reader.ts";
import { dtypeOfValues } from "./raster-arrays.ts";
import { isJpeg2000, openJpeg2000 } from "./jpeg2000/open-jpeg2000.ts";
import { HEADER_BYTES } from "./tiff/tiff-file.ts";
import { openTiffBand } from "./tiff/open-tiff-band.ts";

/** Most pixels of one window: 2 GB of float32. */
const MAX_WINDOW_PIXELS = 512 * 1024 * 1024;

/** What reading needs of a run context. */
export interface ReadContext {
  readonly fetch: GatedFetch;
  readonly offload: Offload;
  readonly signal: AbortSignal;
  /** For the pauses between attempts; real time by default. */
  readonly clock?: Clock | undefined;
}

/** The picture of a file at a lower resolution. */
export interface Overview {
  readonly widthPixels: number;
  readonly heightPixels: number;
}

export interface ReadOptions {
  /** Only every n-th pixel of every n-th row, from an overview where there is a fitting one. Default 1. */
  readonly decimate?: number | undefined;
}

/** A band whose file was opened: where its pixels lie is known, the numbers are read by window. */
export interface OpenBand {
  readonly name: string;
  readonly dtype: RasterDtype;
  readonly grid: Grid;
  /** Number that says that nothing was observed, of the file or else of the catalogue. NaN is possible. */
  readonly nodata: number | undefined;
  /** As stated by the file or else by the catalogue; not yet believed: see radiometry. */
  readonly scale: number | undefined;
  readonly offset: number | undefined;
  /** Facts about the file worth telling: its grid is another than the catalogue says. */
  readonly notes: readonly string[];
  /** Pictures of lower resolution in the same file, the finest first. */
  overviews(): Promise<readonly Overview[]>;
  /**
   * Numbers as they are stored, row by row: ceil(width / decimate) x ceil(height / decimate) of them. Throws
   * SG_OPTIONS_INVALID for a window that does not lie on the grid, SG_INPUT_TOO_LARGE, SG_INPUT_CORRUPT and SG_SATELLITE_ASSET.
   */
  readWindow(window: PixelWindow, options?: ReadOptions): Promise<RasterValues>;
  /** Size of the pieces that are compressed together; absent where the whole is. */
  readonly chunks?: { readonly widthPixels: number; readonly heightPixels: number } | undefined;
  /** A window of the grid still compressed, for who decodes it in a task of its own; absent where that cannot be. */
  readonly fetchWindow?: ((window: PixelWindow) => Promise<PieceInput>) | undefined;
}

/** What a format gives: a band without what the catalogue adds. */
export interface BandFile {
  readonly dtype: RasterDtype;
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly crs: string | undefined;
  readonly affine: Grid["affine"] | undefined;
  readonly nodata: number | undefined;
  readonly scale: number | undefined;
  readonly offset: number | undefined;
  overviews(): Promise<readonly Overview[]>;
  readWindow(window: PixelWindow, decimate: number): Promise<RasterValues>;
  readonly chunks?: OpenBand["chunks"];
  readonly fetchWindow?: OpenBand["fetchWindow"];
}

/**
 * Opens a band: reads the header of its file, nothing else. Throws SG_SATELLITE_GRID when neither file nor catalogue say
 * where it lies, SG_SATELLITE_ASSET when it cannot be fetched, SG_SATELLITE_ENCODING, SG_INPUT_CORRUPT.
 */
export async function openBand(band: RasterBand, context: ReadContext): Promise<OpenBand> {
  throwIfCancelled(context.signal, "Reading");
  const file = await openFile(band, context);
  const { grid, notes } = gridOf(band, file);
  return {
    name: band.name,
    dtype: file.dtype,
    grid,
    notes,
    nodata: file.nodata ?? band.nodata,
    scale: file.scale ?? band.scale,
    offset: file.offset ?? band.offset,
    overviews: () => file.overviews(),
    chunks: file.chunks,
    fetchWindow: file.fetchWindow,
    async readWindow(window, { decimate = 1 } = {}) {
      const inside = clippedWindow(grid, window);
      const isWhole = Object.values(window).every(Number.isInteger) && Number.isInteger(decimate) && decimate >= 1;
      if (inside === undefined || !isWhole || !isSameWindow(inside, window))
        throw fail(
          "SG_OPTIONS_INVALID",
          `Window ${JSON.stringify(window)} does not lie on the ${grid.widthPixels} x ${grid.heightPixels} pixels of band "${band.name}"`,
        );
      const pixels = Math.ceil(window.widthPixels / decimate) * Math.ceil(window.heightPixels / decimate);
      if (pixels > MAX_WINDOW_PIXELS)
        throw fail(
          "SG_INPUT_TOO_LARGE",
          `A window of ${pixels} pixels is read in pieces of ${MAX_WINDOW_PIXELS} at most`,
        );
      return file.readWindow(window, decimate);
    },
  };
}

const isSameWindow = (one: PixelWindow, other: PixelWindow): boolean =>
  one.column === other.column &&
  one.row === other.row &&
  one.widthPixels === other.widthPixels &&
  one.heightPixels === other.heightPixels;

async function openFile(band: RasterBand, context: ReadContext): Promise<BandFile> {
  const { source } = band;
  if (source.kind === "values") return valuesFile(band, source.values);
  const bytes: ByteSource =
    source.kind === "file"
      ? createBlobSource(source.blob, nameOfBlob(source.blob, band.name))
      : createHttpSource(source.href, context);
  const reader = createRangeReader(bytes);
  const [head = new Uint8Array(0)] = await reader.read([{ offset: 0, lengthBytes: HEADER_BYTES }], context.signal);
  if (isJpeg2000(head)) return openJpeg2000(reader, band.sample, context);
  return openTiffBand(reader, band.sample, context);
}

const nameOfBlob = (blob: Blob, bandName: string): string =>
  "name" in blob && typeof blob.name === "string" && blob.name !== "" ? blob.name : `The file of band "${bandName}"`;

function valuesFile({ name, grid, nodata, scale, offset }: RasterBand, values: RasterValues): BandFile {
  if (grid === undefined) throw fail("SG_SATELLITE_GRID", `Band "${name}" does not say where it lies`);
  if (values.length !== grid.widthPixels * grid.heightPixels)
    throw fail(
      "SG_INPUT_INVALID",
      `Band "${name}" holds ${values.length} numbers, its grid has ${grid.widthPixels} x ${grid.heightPixels} pixels`,
    );
  return {
    dtype: dtypeOfValues(values),
    widthPixels: grid.widthPixels,
    heightPixels: grid.heightPixels,
    crs: grid.crs,
    affine: grid.affine,
    nodata,
    scale,
    offset,
    overviews: () => Promise.resolve([]),
    readWindow: (window, decimate) => Promise.resolve(subsample(values, grid.widthPixels, window, decimate)),
  };
}

/** The file knows best; the catalogue helps where the file is silent and its pixels are as many. */
function gridOf(band: RasterBand, file: BandFile): { readonly grid: Grid; readonly notes: readonly string[] } {
  const { widthPixels, heightPixels } = file;
  const stated = band.grid;
  const crs = file.crs ?? stated?.crs;
  const isSameSize = stated?.widthPixels === widthPixels && stated.heightPixels === heightPixels;
  const affine = file.affine ?? (isSameSize ? stated?.affine : undefined);
  if (crs === undefined || affine === undefined)
    throw fail(
      "SG_SATELLITE_GRID",
      `Band "${band.name}": neither its file nor its catalogue say ${crs === undefined ? "in which reference system it lies" : "where its first pixel lies"}`,
    );
  if (!isSupportedCrs(crs))
    throw fail("SG_SATELLITE_GRID", `Band "${band.name}" lies in ${crs}, which is not supported`);
  const grid: Grid = { crs, affine, widthPixels, heightPixels };
  const differs = stated !== undefined && !isSameGrid(stated, grid);
  return {
    grid,
    notes: differs
      ? [
          `band "${band.name}": the catalogue states ${stated.widthPixels} x ${stated.heightPixels} pixels in ${stated.crs}, the file has ${widthPixels} x ${heightPixels} in ${crs}; the file was believed`,
        ]
      : [],
  };
}
