import type { SniffResult } from "@stargate/kernel";

const types = "FeatureCollection|Feature|(?:Multi)?(?:Point|LineString|Polygon)";
const geoJson = new RegExp(`"type"\\s*:\\s*"(?:${types})"`);
/** A geometry has coordinates, a feature has a geometry, a collection has features. */
const content = /"(?:coordinates|geometry|features)"\s*:/;
/** What only scenes of a catalogue have. */
const stac = /"(?:stac_version|stac_extensions|assets)"\s*:/;

/** Recognises GeoJSON and KML by their first bytes; STAC items, which are GeoJSON as well, are left to others. */
export function sniffFeatures(head: Uint8Array): SniffResult | undefined {
  if (head[0] === 0) return undefined; // binary, most likely; decoding it would be wasted
  const text = new TextDecoder().decode(head); // leaves a byte order mark out
  if (/<kml[\s>]/.test(text) && /^\s*</.test(text)) {
    return { mediaType: "application/vnd.google-earth.kml+xml", confidence: 0.9 };
  }
  if (!/^\s*\{/.test(text) || !geoJson.test(text) || !content.test(text) || stac.test(text)) return undefined;
  return { mediaType: "application/geo+json", confidence: 0.7 };
}
