import { fail } from "../../satellite-errors.ts";
import type { BandFile, ReadContext } from "../open-band.ts";
import type { RangeReader } from "../source/range-reader.ts";

/** Whether bytes begin a JP2 file. */
export function isJpeg2000(head: Uint8Array): boolean {
  return head.length >= 8 && head[4] === 0x6a && head[5] === 0x50 && head[6] === 0x20 && head[7] === 0x20;
}

export function openJpeg2000(reader: RangeReader, _sample: number, _context: ReadContext): Promise<BandFile> {
  return Promise.reject(fail("SG_SATELLITE_ENCODING", `${reader.source.name} is JPEG 2000, which is not read here`));
}
