import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { isStargateError } from "@stargate/kernel";
import { features } from "./features.ts";
import type { Features, Geometry } from "./features-schema.ts";

const context = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const triangle = [
  [14.5, 46],
  [14.6, 46],
  [14.6, 46.1],
  [14.5, 46],
];
const decode = async (value: unknown): Promise<Features> => {
  const found = await features.codecs["application/geo+json"]!.decode!(new Blob([JSON.stringify(value)]), context);
  return found as Features;
};
const problem = async (value: unknown): Promise<string> => {
  try {
    await decode(value);
  } catch (error) {
    return isStargateError(error) ? `${error.code}: ${error.message} (${error.hint})` : String(error);
  }
  return "no error";
};
const encode = async (mediaType: string, value: Features) => await features.codecs[mediaType]!.encode!(value, context);
const polygon = { type: "Polygon", coordinates: [triangle] };
const feature = { type: "Feature", geometry: polygon, properties: { name: "north" } };

describe("GeoJSON", () => {
  it("is read as a collection, as a feature, and as a bare geometry", async () => {
    const collection = await decode({ type: "FeatureCollection", features: [feature], name: "kept" });
    expect(collection).toEqual({ type: "FeatureCollection", features: [feature], name: "kept" });
    expect((await decode(feature)).features).toEqual([feature]);
    expect((await decode(polygon)).features).toEqual([{ ...feature, properties: {} }]);
  });

  it("is closed where a ring is open", async () => {
    const [open] = (await decode({ type: "Polygon", coordinates: [triangle.slice(0, 3)] })).features;
    expect(open?.geometry?.coordinates).toEqual([triangle]);
  });

  it("of 2008 in another reference system becomes degrees", async () => {
    const crs = { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::32633" } };
    const metres = {
      type: "Polygon",
      crs,
      coordinates: [
        [
          [465181.05, 5079244.89],
          [465181.05, 5080254.63],
          [466180.53, 5080254.63],
          [465181.05, 5079244.89],
        ],
      ],
    };
    const [found] = (await decode(metres)).features;
    const [longitude, latitude] = (found!.geometry as Extract<Geometry, { type: "Polygon" }>).coordinates[0]![0]!;
    // pyproj 3.7
    expect([longitude, latitude]).toEqual([expect.closeTo(14.551412904, 8), expect.closeTo(45.865889413, 8)]);
    expect(found?.geometry).not.toHaveProperty("crs");
    const degrees = {
      type: "FeatureCollection",
      crs: { type: "name", properties: { name: "urn:ogc:def:crs:OGC:1.3:CRS84" } },
    };
    expect(await decode({ ...degrees, features: [feature] })).toEqual({
      type: "FeatureCollection",
      features: [feature],
    });
  });

  it.each([
    ["a list", [1], /SG_INPUT_INVALID: Not GeoJSON: an object/],
    ["another object", { type: "Topology" }, /Not GeoJSON that is read here: type "Topology"/],
    ["a STAC item", { ...feature, stac_version: "1.0.0" }, /This is a STAC item/],
    [
      "a feature without properties",
      { type: "FeatureCollection", features: [{ type: "Feature", geometry: polygon }] },
      /features\[0\]\.properties/,
    ],
    ["latitude first", { type: "Point", coordinates: [46, 114.5] }, /Feature 1: \[46, 114.5\].*Swap the numbers/],
    ["a short ring", { type: "Polygon", coordinates: [triangle.slice(0, 2)] }, /a ring of a polygon has 3 positions/],
    [
      "an unknown crs",
      { ...polygon, crs: { type: "name", properties: { name: "MGI" } } },
      /SG_SATELLITE_GRID: .*"MGI"/,
    ],
  ])("is refused when it is %s", async (_what, value, message) => {
    expect(await problem(value)).toMatch(message);
  });

  it("is written with outer rings counterclockwise, seven decimals and no crs", async () => {
    const clockwise = {
      type: "Polygon" as const,
      coordinates: [
        [
          [0, 0],
          [0, 1],
          [1.123456789, 1],
          [0, 0],
        ] as [number, number][],
      ],
    };
    const value: Features = {
      type: "FeatureCollection",
      features: [{ type: "Feature", geometry: clockwise, properties: null }],
      crs: {},
    };
    expect(JSON.parse((await encode("application/geo+json", value)) as string)).toEqual({
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          geometry: {
            type: "Polygon",
            coordinates: [
              [
                [0, 0],
                [1.1234568, 1],
                [0, 1],
                [0, 0],
              ],
            ],
          },
          properties: null,
        },
      ],
    });
  });

  it("is not written across the antimeridian", async () => {
    const around: Features = {
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          id: "f",
          geometry: {
            type: "LineString",
            coordinates: [
              [179, 0],
              [-179, 0],
            ],
          },
          properties: null,
        },
      ],
    };
    await expect(encode("application/geo+json", around)).rejects.toThrow(
      "The geometry of feature f steps over the antimeridian",
    );
  });

  it.each([
    [JSON.stringify(feature), true],
    [`{\n "type" : "Polygon",\n "coordinates" : []}`, true],
    [JSON.stringify({ type: "FeatureCollection", features: [] }), true],
    [JSON.stringify({ ...feature, stac_version: "1.0.0" }), false],
    [JSON.stringify({ type: "Feature", geometry: polygon, assets: {} }), false],
    [JSON.stringify({ type: "Point of sale", features: 1 }), false],
    [JSON.stringify({ type: "Polygon" }), false],
    ["Feature,coordinates", false],
  ])("recognises %j: %s", (text, isFeatures) => {
    const found = isFeatures ? { mediaType: "application/geo+json", confidence: 0.7 } : undefined;
    expect(features.sniff?.(new TextEncoder().encode(text), text.length)).toEqual(found);
  });
});

const geometries: readonly Geometry[] = [
  { type: "Point", coordinates: [14.5, 46, 300] },
  {
    type: "MultiPoint",
    coordinates: [
      [1, 2],
      [3, 4],
    ],
  },
  {
    type: "LineString",
    coordinates: [
      [1, 2],
      [3, 4],
    ],
  },
  {
    type: "MultiLineString",
    coordinates: [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ],
  },
  {
    type: "Polygon",
    coordinates: [
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [0, 0],
      ],
      [
        [2, 1],
        [3, 2],
        [3, 1],
        [2, 1],
      ],
    ],
  },
  {
    type: "MultiPolygon",
    coordinates: [
      [
        [
          [0, 0],
          [4, 0],
          [4, 4],
          [0, 0],
        ],
      ],
      [
        [
          [10, 0],
          [14, 0],
          [14, 4],
          [10, 0],
        ],
      ],
    ],
  },
];
const every: Features = {
  type: "FeatureCollection",
  features: [
    ...geometries.map((geometry, index) => ({
      type: "Feature" as const,
      id: `f${index}`,
      geometry,
      properties: { id: "own", count: index, flag: index > 2, list: [index], mixed: index % 2 === 0 ? "a" : 1 },
    })),
    { type: "Feature", geometry: null, properties: null },
  ],
};

describe("CSV", () => {
  it("has a row for each feature: properties, the middle, well-known text", async () => {
    const lines = ((await encode("text/csv", every)) as string).trimEnd().split("\r\n");
    expect(lines).toEqual([
      "id,property.id,count,flag,list,mixed,longitude,latitude,wkt",
      "f0,own,0,false,[0],a,14.5,46,POINT (14.5 46)",
      'f1,own,1,false,[1],1,2,3,"MULTIPOINT ((1 2), (3 4))"',
      'f2,own,2,false,[2],a,2,3,"LINESTRING (1 2, 3 4)"',
      'f3,own,3,true,[3],1,4,5,"MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))"',
      'f4,own,4,true,[4],a,2,2,"POLYGON ((0 0, 4 0, 4 4, 0 0), (2 1, 3 2, 3 1, 2 1))"',
      'f5,own,5,true,[5],1,7,2,"MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((10 0, 14 0, 14 4, 10 0)))"',
      ",,,,,,,,",
    ]);
  });
});

describe("KML", () => {
  it("shows confidence as a colour and the alert in a sentence, text escaped", async () => {
    const alert = {
      kind: "alert",
      task: "fire & loss",
      areaHectares: 1.5,
      firstSeen: "2017-07-01",
      confirmed: null,
      confidence: "low",
      verified: null,
    };
    const written = (await encode("application/vnd.google-earth.kml+xml", {
      type: "FeatureCollection",
      features: [
        { type: "Feature", id: "a<1>", geometry: geometries[4]!, properties: alert },
        {
          type: "Feature",
          id: "b",
          geometry: geometries[5]!,
          properties: { ...alert, verified: { verdict: "rejected" } },
        },
        { type: "Feature", geometry: geometries[0]!, properties: { name: "camp", confidence: "toString" } },
      ],
    })) as string;
    expect(written).toContain("<name>a&lt;1&gt;</name>");
    expect(written).toContain(
      "<description>fire &amp; loss: 1.50 ha, first seen 2017-07-01, not confirmed yet (confidence low).</description>",
    );
    expect(written).toContain("<TimeStamp><when>2017-07-01</when></TimeStamp>");
    expect(written.match(/<styleUrl>[^<]+/g)).toEqual(["<styleUrl>#low", "<styleUrl>#rejected", "<styleUrl>#place"]);
    expect(written).toContain(
      "<innerBoundaryIs><LinearRing><coordinates>2,1 3,2 3,1 2,1</coordinates></LinearRing></innerBoundaryIs>",
    );
    expect(written).toContain("<name>camp</name>");
    expect(written).toContain("<Point><coordinates>14.5,46,300</coordinates></Point>");
  });

  it("writes every geometry", async () => {
    const written = (await encode("application/vnd.google-earth.kml+xml", every)) as string;
    expect(written.match(/<MultiGeometry>/g)).toHaveLength(3);
    expect(written.match(/<Placemark>/g)).toHaveLength(7);
  });
});

describe("KML from others", () => {
  const read = async (written: string): Promise<Features> =>
    (await features.codecs["application/vnd.google-earth.kml+xml"]!.decode!(new Blob([written]), context)) as Features;
  const problemOf = async (written: string): Promise<string> => {
    const [settled] = await Promise.allSettled([read(written)]);
    const error: unknown = settled.status === "rejected" ? settled.reason : undefined;
    return isStargateError(error) ? `${error.code}: ${error.message}` : String(error);
  };

  it("gives places with names and data, whatever stands between them", async () => {
    const written = `<?xml version="1.0"?><!-- <Placemark> --><kml:kml xmlns:kml="http://www.opengis.net/kml/2.2"><kml:Document>
      <name>not of a place</name><Style id="a"/><Folder><kml:Placemark id="1"><name>Tom &amp; Ana&#x2019;s</name>
      <description><![CDATA[<b>wet</b>]]></description><ExtendedData><Data name="owner"><value>A&lt;B</value></Data></ExtendedData>
      <MultiGeometry><Polygon><innerBoundaryIs><LinearRing><coordinates>2,1 3,2 3,1 2,1</coordinates></LinearRing></innerBoundaryIs>
      <outerBoundaryIs><LinearRing><coordinates> 0,0,12
        4,0,12 4,4,12 </coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry></kml:Placemark>
      <Placemark><Point><coordinates>14.5,46</coordinates></Point><LineString><coordinates>1,2 3,4</coordinates></LineString></Placemark>
      </Folder></kml:Document></kml:kml>`;
    const found = await read(written);
    expect(found.features).toEqual([
      {
        type: "Feature",
        geometry: {
          type: "Polygon",
          coordinates: [
            [
              [0, 0, 12],
              [4, 0, 12],
              [4, 4, 12],
              [0, 0, 12],
            ],
            [
              [2, 1],
              [3, 2],
              [3, 1],
              [2, 1],
            ],
          ],
        },
        properties: { name: "Tom & Ana\u2019s", description: "<b>wet</b>", owner: "A<B" },
      },
      { type: "Feature", geometry: { type: "Point", coordinates: [14.5, 46] }, properties: {} },
      {
        type: "Feature",
        geometry: {
          type: "LineString",
          coordinates: [
            [1, 2],
            [3, 4],
          ],
        },
        properties: {},
      },
    ]);
  });

  it("gives back what was written here", async () => {
    const written = (await encode("application/vnd.google-earth.kml+xml", every)) as string;
    expect((await read(written)).features.map(({ geometry }) => geometry)).toEqual(geometries);
    expect(features.sniff?.(new TextEncoder().encode(written), written.length)).toEqual({
      mediaType: "application/vnd.google-earth.kml+xml",
      confidence: 0.9,
    });
  });

  it.each([
    ["tags that do not match", "<kml><Placemark></kml>", "SG_INPUT_CORRUPT: XML: </kml> closes <Placemark>"],
    ["an end inside", "<kml><Placemark>", "SG_INPUT_CORRUPT: XML ends inside <Placemark>"],
    [
      "entities of its own",
      '<!DOCTYPE kml [<!ENTITY a "b">]><kml></kml>',
      "SG_INPUT_INVALID: XML with a document type is not read",
    ],
    ["a comment without an end", "<kml><!-- ", "SG_INPUT_CORRUPT: XML ends inside <!--"],
    ["a stray bracket", "<kml>3 < 4</kml>", "SG_INPUT_CORRUPT: XML: no tag at position 8"],
    ["nothing in it", "<kml></kml>", "SG_INPUT_INVALID: The KML has no placemark with a point, a line or a polygon"],
    [
      "words for numbers",
      "<kml><Placemark><Point><coordinates>north</coordinates></Point></Placemark></kml>",
      'SG_INPUT_INVALID: KML coordinates "north" are not longitude,latitude',
    ],
    [
      "latitude first",
      "<kml><Placemark><Point><coordinates>46,114</coordinates></Point></Placemark></kml>",
      "SG_INPUT_INVALID: Feature 1: [46, 114] is no longitude and latitude",
    ],
    ["too many levels", "<a>".repeat(200), "SG_INPUT_INVALID: XML nested deeper than 100 elements"],
  ])("is refused with %s", async (_what, written, message) => {
    expect(await problemOf(written)).toBe(message);
  });
});

describe("GeoParquet", () => {
  it("gives back geometries and typed properties, and says what it is", async () => {
    const bytes = (await encode("application/vnd.apache.parquet", every)) as Uint8Array<ArrayBuffer>;
    const metadata = parquetMetadata(bytes.buffer);
    const geo = metadata.key_value_metadata?.find(({ key }) => key === "geo")?.value;
    expect(JSON.parse(geo!)).toEqual({
      version: "1.1.0",
      primary_column: "geometry",
      columns: {
        geometry: {
          encoding: "WKB",
          geometry_types: ["LineString", "MultiLineString", "MultiPoint", "MultiPolygon", "Point", "Polygon"],
          orientation: "counterclockwise",
          edges: "planar",
          bbox: [0, 0, 14.5, 46],
        },
      },
    });
    // The reader turns WKB of a column that the metadata names into GeoJSON.
    const rows = await parquetReadObjects({ file: bytes.buffer });
    expect(rows.map(({ geometry }) => geometry as unknown)).toEqual([
      { type: "Point", coordinates: [14.5, 46] },
      ...geometries.slice(1),
      null,
    ]);
    expect(rows[3]).toMatchObject({ id: "f3", "property.id": "own", count: 3, flag: true, list: "[3]", mixed: "1" });
  });

  it("can be empty", async () => {
    const bytes = (await encode("application/vnd.apache.parquet", {
      type: "FeatureCollection",
      features: [],
    })) as Uint8Array<ArrayBuffer>;
    expect(Number(parquetMetadata(bytes.buffer).num_rows)).toBe(0);
  });
});
