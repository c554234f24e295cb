import type { TaskContext } from "@stargate/kernel";
import type { RasterValues } from "../../modalities/raster/raster-schema.ts";
import { decodeWithOpenjpeg } from "../../native/openjpeg.ts";
import { fail } from "../../satellite-errors.ts";
import { rasterValuesOf } from "../raster-arrays.ts";

/** A whole file to be decoded; structured-cloneable. */
export interface Jpeg2000Input {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly dtype: "uint8" | "int8" | "uint16" | "int16";
}

/** Numbers of the one component of a JPEG 2000 file. Throws SG_INPUT_CORRUPT. */
export async function decodeJpeg2000({ bytes, dtype }: Jpeg2000Input, context: TaskContext): Promise<RasterValues> {
  const decoded = await decodeWithOpenjpeg(bytes);
  if (decoded === undefined) throw fail("SG_INPUT_CORRUPT", "The JPEG 2000 file is damaged");
  context.transfer([decoded.buffer]);
  return rasterValuesOf(dtype, decoded);
}
