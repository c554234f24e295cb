import { defineTask } from "@stargate/kernel";
import type { PixelWindow } from "../../grid/grid.ts";
import type { RasterValues } from "../../modalities/raster/raster-schema.ts";
import { fail } from "../../satellite-errors.ts";
import type { BandFile, ReadContext } from "../open-band.ts";
import type { RangeReader } from "../source/range-reader.ts";
import { subsample } from "../subsample.ts";
import { HEADER_BYTES } from "../tiff/tiff-file.ts";
import { readJpeg2000Header } from "./jpeg2000-header.ts";
import type { Jpeg2000Input } from "./jpeg2000-task.ts";

const decode = defineTask<Jpeg2000Input, RasterValues>({
  base: import.meta.url,
  module: "./jpeg2000-task",
  export: "decodeJpeg2000",
});

/** Largest file and picture: the engine needs six times the picture's bytes, of at most 4 GiB. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;
const MAX_PIXELS = 12_000 * 12_000;

/** Whether bytes begin a JP2 file. */
export function isJpeg2000(head: Uint8Array): boolean {
  return head.length >= 8 && head[4] === 0x6a && head[5] === 0x50 && head[6] === 0x20 && head[7] === 0x20;
}

/**
 * Opens a JPEG 2000 file of one component (Sentinel-2's SAFE). The engine decodes whole pictures only, so the first window
 * reads all of the file and its numbers are kept, 241 MB for a tile of 10 m. Throws SG_INPUT_CORRUPT, SG_SATELLITE_ENCODING and SG_SATELLITE_BAND.
 */
export async function openJpeg2000(
  reader: RangeReader,
  sample: number,
  { offload, signal }: ReadContext,
): Promise<BandFile> {
  const { name } = reader.source;
  const [head = new Uint8Array(0)] = await reader.read([{ offset: 0, lengthBytes: HEADER_BYTES }], signal);
  const header = await readJpeg2000Header(head, signal);
  if (header === undefined) throw fail("SG_INPUT_CORRUPT", `${name} is cut off or damaged: it does not say its size`);
  const { widthPixels, heightPixels, bits, isSigned, components } = header;
  if (sample >= components)
    throw fail("SG_SATELLITE_BAND", `${name} has ${components} components, number ${sample + 1} was asked for`);
  if (components > 1 || bits > 16 || widthPixels * heightPixels > MAX_PIXELS)
    throw fail(
      "SG_SATELLITE_ENCODING",
      `${name} is JPEG 2000 of ${components} components, ${bits} bits, ${widthPixels} x ${heightPixels} pixels; one component of 16 bits and 12000 x 12000 pixels are read at most`,
    );
  const dtype = `${isSigned ? "int" : "uint"}${bits <= 8 ? 8 : 16}` as const;
  let picture: Promise<RasterValues> | undefined;

  async function decodeAll(): Promise<RasterValues> {
    const [bytes = new Uint8Array(0)] = await reader.readOnce([{ offset: 0, lengthBytes: MAX_FILE_BYTES }], signal);
    if (bytes.length === MAX_FILE_BYTES)
      throw fail("SG_SATELLITE_ENCODING", `${name} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`);
    const numbers = await offload(decode, { bytes, dtype }, { signal, transfer: [bytes.buffer] });
    if (numbers.length !== widthPixels * heightPixels)
      throw fail("SG_INPUT_CORRUPT", `${name} is damaged: ${numbers.length} numbers came out of it`);
    return numbers;
  }

  return {
    dtype,
    widthPixels,
    heightPixels,
    crs: header.crs,
    affine: header.affine,
    nodata: undefined,
    scale: undefined,
    offset: undefined,
    overviews: () => Promise.resolve([]),
    async readWindow(window: PixelWindow, decimate: number): Promise<RasterValues> {
      picture ??= decodeAll().catch((error: unknown) => {
        picture = undefined; // a cancelled reader must not spoil it for the next
        throw error;
      });
      return subsample(await picture, widthPixels, window, decimate);
    },
  };
}
