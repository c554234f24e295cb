import { type CodecContext, text as textModality } from "@stargate/kernel";
import { fail } from "../../satellite-errors.ts";
import { checkedFeatures } from "./checked-features.ts";
import type { Feature, Features, Geometry, Position } from "./features-schema.ts";
import { readXml, unescapeXml } from "./xml-events.ts";

/**
 * Reads the placemarks of KML (Google Earth): points, lines and polygons with their names, descriptions and data. Styles,
 * pictures and links are left out. A placemark of several geometries of one kind becomes one feature, of mixed kinds several.
 * Throws SG_INPUT_CORRUPT, SG_INPUT_INVALID.
 */
export async function decodeKml(input: Blob, context: CodecContext): Promise<Features> {
  const written = (await textModality.codecs["text/plain"]?.decode?.(input, context)) as string; // what its schema says
  const reader = createPlacemarkReader();
  readXml(written, reader);
  if (reader.features.length === 0) {
    throw fail("SG_INPUT_INVALID", "The KML has no placemark with a point, a line or a polygon", {
      hint: "Export the places themselves, not a link to them (a KMZ archive has to be unpacked first).",
    });
  }
  return checkedFeatures({ type: "FeatureCollection", features: reader.features });
}

function createPlacemarkReader() {
  const features: Feature[] = [];
  let properties: Record<string, string> | undefined;
  let geometries: Geometry[] = [];
  let line: readonly Position[] = [];
  let outer: readonly Position[] = [];
  let holes: (readonly Position[])[] = [];
  let dataName = "";
  return {
    features,
    open: (name: string, attributes: string): void => {
      if (name === "Placemark") [properties, geometries] = [{}, []];
      else if (name === "Polygon") [outer, holes] = [[], []];
      else if (name === "Data" || name === "SimpleData") {
        dataName = unescapeXml(/\bname\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1] ?? "");
      }
    },
    close: (name: string, text: string): void => {
      if (properties === undefined) return;
      switch (name) {
        case "coordinates":
          line = positionsOf(text);
          break;
        case "outerBoundaryIs":
          outer = line;
          break;
        case "innerBoundaryIs":
          holes.push(line);
          break;
        case "Point":
          if (line[0] !== undefined) geometries.push({ type: "Point", coordinates: line[0] });
          break;
        case "LineString":
          geometries.push({ type: "LineString", coordinates: line });
          break;
        case "Polygon":
          geometries.push({ type: "Polygon", coordinates: [outer, ...holes] });
          break;
        case "name":
        case "description":
          properties[name] = text.trim();
          break;
        case "value":
        case "SimpleData":
          if (dataName !== "" && dataName !== "__proto__") properties[dataName] = text;
          dataName = "";
          break;
        case "Placemark":
          for (const geometry of joined(geometries)) features.push({ type: "Feature", geometry, properties });
          properties = undefined;
          break;
      }
    },
  };
}

/** Several geometries of one kind as one. */
function joined(geometries: readonly Geometry[]): readonly Geometry[] {
  if (geometries.length < 2) return geometries;
  const polygons = geometries.flatMap((geometry) => (geometry.type === "Polygon" ? [geometry.coordinates] : []));
  if (polygons.length === geometries.length) return [{ type: "MultiPolygon", coordinates: polygons }];
  const lines = geometries.flatMap((geometry) => (geometry.type === "LineString" ? [geometry.coordinates] : []));
  if (lines.length === geometries.length) return [{ type: "MultiLineString", coordinates: lines }];
  const points = geometries.flatMap((geometry) => (geometry.type === "Point" ? [geometry.coordinates] : []));
  return points.length === geometries.length ? [{ type: "MultiPoint", coordinates: points }] : geometries;
}

/** "14.5,46,300 14.6,46": longitude, latitude and perhaps height. */
function positionsOf(text: string): readonly Position[] {
  return text
    .trim()
    .split(/\s+/)
    .map((tuple): Position => {
      const [longitude = Number.NaN, latitude = Number.NaN, ...rest] = tuple.split(",").map(Number);
      if (Number.isFinite(longitude) && Number.isFinite(latitude)) {
        return [longitude, latitude, ...rest.filter(Number.isFinite)];
      }
      throw fail("SG_INPUT_INVALID", `KML coordinates "${tuple.slice(0, 40)}" are not longitude,latitude`);
    });
}
