import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { projectionBetween } from "../grid/crs.ts";
import type { Feature } from "../modalities/features/features-schema.ts";
import { createCanvas, fittedText, textWidth } from "./canvas.ts";
import { colorRamps, formatColor, parseColor, rampColor } from "./color-ramps.ts";
import { drawMap, type DrawMapOptions } from "./draw-map.ts";
import { glyphsOf } from "./font.ts";
import { groundOf, metresText, scaleBarMetres } from "./ground.ts";
import { trueColourStretch } from "./true-colour-stretch.ts";

const context = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const grid = {
  crs: "EPSG:32633",
  affine: [10, 0, 465_181, 0, -10, 5_080_254],
  widthPixels: 40,
  heightPixels: 20,
} as const;
const projections = {
  toLonLat: projectionBetween("EPSG:32633", "EPSG:4326"),
  fromLonLat: projectionBetween("EPSG:4326", "EPSG:32633"),
};

interface Picture {
  readonly width: number;
  at(x: number, y: number): string;
}

/** Pixels of a PNG as the kernel writes it: three channels, row filter "Up". */
async function readPicture(png: Blob): Promise<Picture> {
  const bytes = Buffer.from(await png.arrayBuffer());
  const data: Buffer[] = [];
  for (let offset = 8; offset < bytes.length; offset += bytes.readUInt32BE(offset) + 12) {
    const end = offset + 8 + bytes.readUInt32BE(offset);
    if (bytes.toString("latin1", offset + 4, offset + 8) === "IDAT") data.push(bytes.subarray(offset + 8, end));
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const rows = inflateSync(Buffer.concat(data));
  const stride = width * 3;
  const pixels = new Uint8Array(stride * height);
  for (let index = 0; index < pixels.length; index++) {
    const row = Math.floor(index / stride);
    pixels[index] = rows[row * (stride + 1) + 1 + (index % stride)]! + (row === 0 ? 0 : pixels[index - stride]!);
  }
  return {
    width,
    at: (x, y) => formatColor([...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)] as never),
  };
}

const ramp = Float32Array.from({ length: 800 }, (_, pixel) => (pixel % 40) / 39);
const index = { kind: "index", name: "NDVI", values: ramp, from: 0, to: 1, ramp: "sequential" } as const;
const options: DrawMapOptions = { grid, ...projections, title: "Map", panels: [{ title: "2017", layer: index }] };
/** Where the first panel begins: below the margin, the title and its own title. */
const panel = { left: 16, top: 73 };

describe("a map", () => {
  it("shows values as colours, and hatches what was not observed", async () => {
    const values = ramp.map((value, pixel) => (pixel >= 400 ? Number.NaN : value));
    const map = await drawMap({ ...options, panels: [{ title: "2017", layer: { ...index, values } }] }, context);
    const picture = await readPicture(map.png);
    expect([map.widthPixels, picture.width]).toEqual([672, 672]);
    expect(picture.at(panel.left + 4, panel.top + 4)).toBe("#440154");
    expect(picture.at(panel.left + 8, panel.top + 310)).toMatch(/#(?:ececec|bebebe)/);
    expect(map.observedPixels).toBe(400);
    expect(map.legend).toEqual([
      { label: "NDVI 0 to 1", color: "#fde725" },
      { label: "Not observed", color: "#bebebe" },
    ]);
    expect(map.bounds.map((degrees) => degrees.toFixed(3))).toEqual(["14.551", "45.873", "14.557", "45.875"]);
  });

  it("draws alerts where they are, over every panel, each kind once in the legend", async () => {
    // The middle of the grid, a tenth of it wide.
    const ring = [
      [465_361, 5_080_164],
      [465_401, 5_080_164],
      [465_401, 5_080_144],
      [465_361, 5_080_144],
      [465_361, 5_080_164],
    ].map(([x = 0, y = 0]) => projections.toLonLat(x, y) as [number, number]);
    const feature = (confidence: string): Feature => ({
      type: "Feature",
      geometry: { type: "Polygon", coordinates: [ring] },
      properties: { confidence },
    });
    const both = { ...options, features: [feature("high"), feature("high")] };
    const map = await drawMap({ ...both, panels: [options.panels[0], { title: "2018", layer: index }] }, context);
    const picture = await readPicture(map.png);
    // 16 canvas pixels for each pixel of the grid: the outline runs at 18-22 of 40 and 9-11 of 20.
    for (const left of [panel.left, panel.left + 640 + 12]) {
      expect(picture.at(left + 320, panel.top + 144)).toBe("#ff2e88");
      expect(picture.at(left + 18 * 16, panel.top + 160)).toBe("#ff2e88");
    }
    expect(map.legend.map(({ label }) => label)).toEqual(["NDVI 0 to 1", "Alert, high confidence"]);
    const low = await drawMap({ ...options, features: [feature("low"), feature("other")] }, context);
    expect(low.legend.map(({ label }) => label).slice(1)).toEqual(["Alert, low confidence", "Area"]);
  });

  it("has a scale bar as long as it says", async () => {
    const map = await drawMap(options, context);
    const picture = await readPicture(map.png);
    // The map is 400.15 m wide (UTM has 400): the longest bar below a quarter of it has 100 m.
    const row = panel.top + 320 + 12 + 4;
    let end = panel.left;
    while (picture.at(end, row) === "#222222") end += 1;
    const { pixelWidthMetres } = groundOf(grid, projections.toLonLat);
    expect(Math.abs(((end - panel.left) * pixelWidthMetres * 40) / 640 - 100)).toBeLessThan(0.7);
  });

  it("explains classes that occur, and only those", async () => {
    const layer = {
      kind: "classes",
      values: new Uint8Array(800).fill(1),
      classes: [
        { value: 0, label: "unburned", color: "#1a9850" },
        { value: 1, label: "low", color: "#ffffbf" },
      ],
    } as const;
    const map = await drawMap({ ...options, panels: [{ title: "", layer }], credit: "Copernicus" }, context);
    expect(map.legend).toEqual([{ label: "low", color: "#ffffbf" }]);
    expect((await readPicture(map.png)).at(panel.left + 9, panel.top + 9)).toBe("#ffffbf");
  });

  it("is averaged where the grid is finer than the canvas", async () => {
    const values = Float32Array.from({ length: 800 }, (_, pixel) => pixel % 2);
    const map = await drawMap(
      { ...options, panelPixels: 20, panels: [{ title: "", layer: { ...index, values } }] },
      context,
    );
    expect((await readPicture(map.png)).at(panel.left + 3, panel.top + 5)).toBe(
      formatColor(rampColor("sequential", 0.5)),
    );
  });

  it("refuses grids that have no north and pictures of another size", async () => {
    const turned = { ...grid, affine: [10, 1, 465_181, 1, -10, 5_080_254] } as const;
    await expect(drawMap({ ...options, grid: turned }, context)).rejects.toThrow(/turned or mirrored/);
    const small = { ...index, values: new Float32Array(3) };
    await expect(drawMap({ ...options, panels: [{ title: "2017", layer: small }] }, context)).rejects.toThrow(
      'The picture "2017" has 3 pixels; the grid has 800',
    );
  });
});

describe("true colour", () => {
  it("is stretched in the same way before and after, without the haze", () => {
    const band = (from: number) => Float32Array.from({ length: 1000 }, (_, pixel) => from + pixel / 5000);
    const before = { kind: "true-colour", red: band(0.02), green: band(0.04), blue: band(0.1) } as const;
    const stretch = trueColourStretch([before, before]);
    const grey = (["red", "green", "blue"] as const).map((name) => stretch(before[name][500]!, name));
    expect(new Set(grey).size).toBe(1);
    expect([stretch(0, "red"), stretch(1, "blue")]).toEqual([0, 255]);
  });

  it("makes no noise of a dark lake, and nothing of nothing", () => {
    const lake = new Float32Array(100).fill(0.02);
    const stretch = trueColourStretch([{ kind: "true-colour", red: lake, green: lake, blue: lake }]);
    expect(stretch(0.025, "red")).toBeLessThan(40);
    expect(trueColourStretch([])(0.05, "red")).toBeGreaterThan(0);
  });
});

describe("the ground", () => {
  // pyproj 3.7: distances of Geod(ellps="WGS84") across the middle pixel.
  it.each([
    ["EPSG:32633", [10, 0, 465_181, 0, -10, 5_080_254], 10.003856695, 10.003856695],
    ["EPSG:3857", [10, 0, 1_614_000, 0, -10, 5_780_000], 6.959310873, 6.936747237],
    ["EPSG:4326", [0.0001, 0, 14.5, 0, -0.0001, 46], 7.747027624, 11.115122082],
  ] as const)("of %s is measured on the ellipsoid", (crs, affine, width, height) => {
    const found = groundOf({ crs, affine, widthPixels: 100, heightPixels: 100 }, projectionBetween(crs, "EPSG:4326"));
    expect(found.pixelWidthMetres).toBeCloseTo(width, 4);
    expect(found.pixelHeightMetres).toBeCloseTo(height, 4);
  });

  it("has lengths that are read easily", () => {
    expect([1, 4.9, 9, 10, 140, 2300, 7000].map((metres) => metresText(scaleBarMetres(metres)))).toEqual([
      "1 m",
      "2 m",
      "5 m",
      "10 m",
      "100 m",
      "2 km",
      "5 km",
    ]);
  });
});

describe("the font", () => {
  it("has every sign of ASCII but braces and backslash, and letters without their accents", () => {
    const known = Array.from({ length: 95 }, (_, code) => String.fromCharCode(32 + code)).filter(
      (character) => glyphsOf(character)[0]!.rows.join() !== glyphsOf("\u4e2d")[0]!.rows.join(),
    );
    expect(known.join("")).toBe(
      " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz|~",
    );
    expect(glyphsOf("é")).toEqual(glyphsOf("e"));
  });

  it("draws what it says, as wide as it says", () => {
    const canvas = createCanvas(20, 9, [255, 255, 255]);
    canvas.text("Hi", [0, 0], { color: [0, 0, 0], size: 1 });
    const rows = Array.from({ length: 7 }, (_, y) =>
      Array.from({ length: textWidth("Hi", 1) }, (_column, x) =>
        canvas.pixels.data[(y * 20 + x) * 3] === 0 ? "#" : ".",
      ).join(""),
    );
    expect(rows).toEqual(["#...#..#.", "#...#....", "#...#.##.", "#####..#.", "#...#..#.", "#...#..#.", "#...#.###"]);
    expect(fittedText("a long title", 1, 30)).toBe("a lo...");
  });
});

describe("colours", () => {
  it("run from the first to the last of a ramp", () => {
    expect(
      [rampColor("sequential", -1), rampColor("diverging", 2), rampColor("diverging", 0.5)].map(formatColor),
    ).toEqual([colorRamps.sequential[0], colorRamps.diverging.at(-1), expect.stringMatching(/^#f[3-6]f[3-6]f[3-6]$/)]);
    expect(formatColor(parseColor("#0a0b0c"))).toBe("#0a0b0c");
  });
});
