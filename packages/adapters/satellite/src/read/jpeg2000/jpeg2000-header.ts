import type { Grid } from "../../grid/grid.ts";
import { createBlobSource } from "../source/blob-source.ts";
import { createRangeReader } from "../source/range-reader.ts";
import { affineOf, crsOf } from "../tiff/geo-keys.ts";
import { openTiff } from "../tiff/tiff-file.ts";

export interface Jpeg2000Header {
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly components: number;
  readonly bits: number;
  readonly isSigned: boolean;
  readonly crs: string | undefined;
  readonly affine: Grid["affine"] | undefined;
}

/** GeoJP2: a TIFF of one pixel that says where the picture lies. */
const GEO_JP2 = "b14bf8bd083d4b43a5ae8cd7d5a6ce03";

/**
 * Reads size and place from the boxes of a JP2 file (ISO 15444-1 annex I; GMLJP2, OGC 05-047r3; GeoJP2). Undefined when the
 * head does not hold them.
 */
export async function readJpeg2000Header(
  head: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Jpeg2000Header | undefined> {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let size: Omit<Jpeg2000Header, "crs" | "affine"> | undefined;
  let place: Pick<Jpeg2000Header, "crs" | "affine"> = { crs: undefined, affine: undefined };
  const visit = async (from: number, to: number): Promise<void> => {
    for (let at = from; at + 8 <= to;) {
      const type = new TextDecoder("latin1").decode(head.subarray(at + 4, at + 8));
      const stated = view.getUint32(at);
      const length = stated === 0 ? to - at : stated;
      if (stated === 1 || length < 8) return; // beyond 4 GiB: the code stream itself
      const end = Math.min(to, at + length);
      if (type === "jp2h" || type === "asoc") await visit(at + 8, end);
      else if (type === "ihdr" && at + 19 <= end) {
        const depth = view.getUint8(at + 18);
        size = {
          heightPixels: view.getUint32(at + 8),
          widthPixels: view.getUint32(at + 12),
          components: view.getUint16(at + 16),
          bits: (depth & 127) + 1,
          isSigned: depth > 127,
        };
      } else if (type === "xml " && place.crs === undefined)
        place = placeOfGml(new TextDecoder().decode(head.subarray(at + 8, end))) ?? place;
      else if (type === "uuid" && hex(head.subarray(at + 8, at + 24)) === GEO_JP2)
        place = (await placeOfTiff(head.slice(at + 24, end), signal)) ?? place;
      at = end;
    }
  };
  await visit(0, head.length);
  return size === undefined ? undefined : { ...(size as Omit<Jpeg2000Header, "crs" | "affine">), ...place }; // set in `visit`
}

/** The origin of a grid of GML is the middle of its first pixel. */
function placeOfGml(xml: string): Pick<Jpeg2000Header, "crs" | "affine"> | undefined {
  const code = /srsName="urn:ogc:def:crs:EPSG::(\d+)"/.exec(xml)?.[1];
  const [x, y] = numbersIn(/<gml:pos[^>]*>([^<]*)</.exec(xml)?.[1]);
  const vectors = [...xml.matchAll(/<gml:offsetVector[^>]*>([^<]*)</g)].map(([, text]) => numbersIn(text));
  const [[a, d] = [], [b, e] = []] = vectors;
  if (code === undefined || x === undefined || y === undefined || a === undefined || b === undefined) return undefined;
  if (d === undefined || e === undefined) return undefined;
  return { crs: `EPSG:${code}`, affine: [a, b, x - (a + b) / 2, d, e, y - (d + e) / 2] };
}

const numbersIn = (text = ""): readonly number[] => text.trim().split(/[\s,]+/).map(Number); // prettier-ignore

async function placeOfTiff(
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Pick<Jpeg2000Header, "crs" | "affine"> | undefined> {
  try {
    const { main } = await openTiff(createRangeReader(createBlobSource(new Blob([bytes]))), signal);
    return { crs: crsOf(main), affine: affineOf(main) };
  } catch {
    return undefined; // the catalogue may know it
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
