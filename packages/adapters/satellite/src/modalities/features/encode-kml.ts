import { escapeXml, type Json } from "@stargate/kernel";
import { writableFeatures } from "./encode-geojson.ts";
import type { Feature, Features, Geometry, Position } from "./features-schema.ts";

/** Colours that colour-blind readers tell apart (Okabe and Ito 2008), as KML writes them: alpha, blue, green, red. */
const styles = {
  high: { line: "ff005ed5", fill: "80005ed5" },
  low: { line: "ff009fe6", fill: "80009fe6" },
  rejected: { line: "ff999999", fill: "40999999" },
  place: { line: "ffb27200", fill: "40b27200" },
} as const;

/**
 * Writes KML 2.3 (OGC 12-007r2) for Google Earth and field devices: every feature with its properties as a table, a
 * description in a sentence, and a colour by its confidence. Alerts carry the day of their first change as their time.
 */
export function encodeKml(collection: Features): string {
  const placemarks = writableFeatures(collection).map(placemark).join("");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n',
    ...Object.entries(styles).map(([id, { line, fill }]) => styleXml(id, line, fill)),
    placemarks,
    "</Document></kml>\n",
  ].join("");
}

function styleXml(id: string, line: string, fill: string): string {
  const parts = [
    `<IconStyle><color>${line}</color></IconStyle>`,
    `<LineStyle><color>${line}</color><width>2</width></LineStyle>`,
    `<PolyStyle><color>${fill}</color></PolyStyle>`,
  ];
  return `<Style id="${id}">${parts.join("")}</Style>\n`;
}

function placemark(feature: Feature, index: number): string {
  const properties = feature.properties ?? {};
  const name = String(feature.id ?? propertyText(properties["name"]) ?? index + 1);
  const description = propertyText(properties["description"]) ?? alertSentence(properties);
  const firstSeen = propertyText(properties["firstSeen"]);
  const data = Object.entries(properties)
    .map(([key, value]) => {
      const text = propertyText(value);
      return text === undefined ? "" : `<Data name="${escapeXml(key)}"><value>${escapeXml(text)}</value></Data>`;
    })
    .join("");
  return [
    `<Placemark><name>${escapeXml(name)}</name>`,
    description === undefined ? "" : `<description>${escapeXml(description)}</description>`,
    firstSeen !== undefined && /^\d{4}-\d\d-\d\d/.test(firstSeen)
      ? `<TimeStamp><when>${escapeXml(firstSeen)}</when></TimeStamp>`
      : "",
    `<styleUrl>#${styleOf(properties)}</styleUrl>`,
    data === "" ? "" : `<ExtendedData>${data}</ExtendedData>`,
    feature.geometry === null ? "" : geometryXml(feature.geometry),
    "</Placemark>\n",
  ].join("");
}

type Properties = NonNullable<Feature["properties"]>;

function styleOf({ confidence, verified }: Properties): keyof typeof styles {
  const isSaid = verified !== null && typeof verified === "object" && "verdict" in verified;
  if (isSaid && verified["verdict"] === "rejected") return "rejected";
  return confidence === "high" || confidence === "low" ? confidence : "place";
}

function alertSentence({ kind, task, areaHectares, firstSeen, confirmed, confidence }: Properties): string | undefined {
  if (kind !== "alert" || typeof areaHectares !== "number") return undefined;
  const what = `${propertyText(task) ?? "change"}: ${areaHectares.toFixed(2)} ha, first seen ${propertyText(firstSeen) ?? "?"}`;
  const confirmation = propertyText(confirmed);
  const state = confirmation === undefined ? "not confirmed yet" : `confirmed ${confirmation}`;
  return `${what}, ${state} (confidence ${propertyText(confidence) ?? "?"}).`;
}

function propertyText(value: Json | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function geometryXml(geometry: Geometry): string {
  switch (geometry.type) {
    case "Point":
      return pointXml(geometry.coordinates);
    case "LineString":
      return lineXml("LineString", geometry.coordinates);
    case "Polygon":
      return polygonXml(geometry.coordinates);
    case "MultiPoint":
      return multiXml(geometry.coordinates.map(pointXml));
    case "MultiLineString":
      return multiXml(geometry.coordinates.map((line) => lineXml("LineString", line)));
    case "MultiPolygon":
      return multiXml(geometry.coordinates.map(polygonXml));
  }
}

function multiXml(parts: readonly string[]): string {
  return `<MultiGeometry>${parts.join("")}</MultiGeometry>`;
}

function pointXml(position: Position): string {
  return lineXml("Point", [position]);
}

function polygonXml([outer = [], ...holes]: readonly (readonly Position[])[]): string {
  const inner = holes.map((hole) => `<innerBoundaryIs>${lineXml("LinearRing", hole)}</innerBoundaryIs>`);
  return `<Polygon><outerBoundaryIs>${lineXml("LinearRing", outer)}</outerBoundaryIs>${inner.join("")}</Polygon>`;
}

function lineXml(element: string, positions: readonly Position[]): string {
  const coordinates = positions.map((position) => position.slice(0, 3).join(",")).join(" ");
  return `<${element}><coordinates>${coordinates}</coordinates></${element}>`;
}
