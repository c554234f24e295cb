import { createProjector } from "../native/proj4.ts";
import { fail } from "../satellite-errors.ts";

/**
 * Reference systems that are read and written here, each checked against PROJ (crs.test.ts). Others are refused: a system
 * that is a little wrong moves alerts by hundreds of metres and nobody sees it.
 */
const definitions: Readonly<Record<string, string>> = {
  "EPSG:4326": "+proj=longlat +datum=WGS84 +no_defs",
  "EPSG:3857":
    "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs",
  "EPSG:5070": "+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 +datum=NAD83 +units=m +no_defs",
  "EPSG:3035": "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs",
  "EPSG:6933": "+proj=cea +lat_ts=30 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs",
};

const SUPPORTED = "EPSG:4326, 3857, 32601-32660, 32701-32760 (UTM), 5070, 3035, 6933";

/** Definition of a system for proj4. Throws SG_SATELLITE_GRID for one that is not in the checked set. */
function definitionOf(crs: string): string {
  const known = definitions[crs];
  if (known !== undefined) return known;
  const [, hemisphere, zoneText] = /^EPSG:32([67])(\d\d)$/.exec(crs) ?? [];
  const zone = Number(zoneText);
  if (hemisphere === undefined || zone < 1 || zone > 60)
    throw fail("SG_SATELLITE_GRID", `${crs} is not supported; supported are ${SUPPORTED}`);
  return `+proj=utm +zone=${zone} ${hemisphere === "7" ? "+south " : ""}+datum=WGS84 +units=m +no_defs`;
}

export function isSupportedCrs(crs: string): boolean {
  const zone = Number(/^EPSG:32[67](\d\d)$/.exec(crs)?.[1] ?? 0);
  return crs in definitions || (zone >= 1 && zone <= 60);
}

/** Turns a place of one system into one of another: [x, y], longitude first. Outside a system's area it gives NaN. */
export type Projection = (x: number, y: number) => readonly [number, number];

const made = new Map<string, Projection>();

/** The way from one system to another. Throws SG_SATELLITE_GRID for systems that are not supported. */
export function projectionBetween(from: string, to: string): Projection {
  const key = `${from}>${to}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const source = definitionOf(from);
  const target = definitionOf(to);
  const project = from === to ? undefined : createProjector(source, target);
  const projection: Projection = (x, y) => (project === undefined ? [x, y] : project(x, y));
  made.set(key, projection);
  return projection;
}
