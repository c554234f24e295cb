import type { SniffResult } from "@stargate/kernel";
import { tags } from "../../read/tiff/tags.ts";

/**
 * Recognises a GeoTIFF by a place in its first directory, so that scans stay documents. A directory beyond the head (strips
 * written before it, as GDAL does) leaves the file a document unless the caller asks for a raster.
 */
export function sniffGeoTiff(head: Uint8Array, sizeBytes: number): SniffResult | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 16) return undefined;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const little = order === 0x4949;
  const version = view.getUint16(2, little);
  if (version !== 42 && version !== 43) return undefined;
  const isBig = version === 43;
  const at = isBig ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
  const begin = at + (isBig ? 8 : 2);
  const entryBytes = isBig ? 20 : 12;
  if (begin > head.length)
    // Nothing seen that speaks for a scan, nothing for a map: it can be decoded as one.
    return at < sizeBytes ? { mediaType: "image/tiff", confidence: 0 } : undefined;
  const fields = isBig ? Number(view.getBigUint64(at, little)) : view.getUint16(at, little);
  for (let index = 0; index < fields && begin + (index + 1) * entryBytes <= head.length; index++) {
    const tag = view.getUint16(begin + index * entryBytes, little);
    if (tag === tags.geoKeyDirectory || tag === tags.modelPixelScale || tag === tags.modelTransformation)
      return { mediaType: "image/tiff", confidence: 1 };
  }
  return undefined;
}

const member = (name: string): RegExp => new RegExp(`"${name}"\\s*:`);
const stacMember = member("stac_version");
const collectionType = /"type"\s*:\s*"FeatureCollection"/;

/** Recognises a STAC item, or a collection of them, by what its first bytes say. */
export function sniffStac(head: Uint8Array, kind: "item" | "collection"): SniffResult | undefined {
  if (head[0] === 0) return undefined;
  const text = new TextDecoder().decode(head);
  if (!/^\s*\{/.test(text) || !stacMember.test(text)) return undefined;
  const isCollection = collectionType.test(text);
  if (isCollection !== (kind === "collection")) return undefined;
  // The type may stand behind the first bytes of an item; a STAC collection or catalogue says so.
  if (!isCollection && /"type"\s*:\s*"(?:Collection|Catalog)"/.test(text)) return undefined;
  return { mediaType: "application/geo+json", confidence: 0.8 };
}
