import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStargateError } from "@stargate/kernel";
import { sharedFile } from "../../../../../test/support/shared-files.ts";
import { compileExpression } from "./compile-expression.ts";
import { indexCatalogue, indexOrExpression, spectralIndex, type IndexName } from "./index-catalogue.ts";

/** Bands of eo-learn's scenes: B01..B08, B8A, B09..B12, in reflectance. */
const places = { blue: 1, green: 2, red: 3, nir: 7, swir16: 11, swir22: 12 } as const;
const CHANNELS = 13;

function readScenes(path: string): Float32Array<ArrayBuffer> {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  return new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer);
}

type Pixel = Readonly<Record<keyof typeof places, number>>;
const difference = (a: number, b: number): number => (a + b === 0 ? Number.NaN : (a - b) / (a + b));
/** The published formulas, written out once more. */
const expected = {
  ndvi: ({ nir, red }) => difference(nir, red),
  evi: ({ nir, red, blue }) => (2.5 * (nir - red)) / (nir + 6 * red - 7.5 * blue + 1),
  savi: ({ nir, red }) => ((nir - red) * 1.5) / (nir + red + 0.5),
  ndwi: ({ green, nir }) => difference(green, nir),
  mndwi: ({ green, swir16 }) => difference(green, swir16),
  ndmi: ({ nir, swir16 }) => difference(nir, swir16),
  nbr: ({ nir, swir22 }) => difference(nir, swir22),
  ndsi: ({ green, swir16 }) => difference(green, swir16),
} satisfies Partial<Record<IndexName, (pixel: Pixel) => number>>;

const problem = (text: string): string => {
  try {
    compileExpression(text);
  } catch (error) {
    return isStargateError(error) ? `${error.code}: ${error.message}` : String(error);
  }
  return "no error";
};
const valueOf = (text: string): number => compileExpression(text).evaluate({}, new Float64Array(1))[0]!;

describe("indices", () => {
  it.for(Object.keys(expected) as (keyof typeof expected)[])("%s is exact on real scenes", (name, context) => {
    const scenes = readScenes(sharedFile(context, "testdata/satellite/eo-learn/REFERENCE_SCENES.npy"));
    const pixels = scenes.length / CHANNELS;
    const band = (place: number) =>
      Float32Array.from({ length: pixels }, (_, pixel) => scenes[pixel * CHANNELS + place]!);
    const bands = Object.fromEntries(Object.entries(places).map(([key, place]) => [key, band(place)]));
    const found = spectralIndex(name).evaluate(bands, new Float64Array(pixels));
    let worst = 0;
    let compared = 0;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const at = (key: keyof typeof places): number => bands[key]![pixel]!;
      const wanted = expected[name]({
        blue: at("blue"),
        green: at("green"),
        red: at("red"),
        nir: at("nir"),
        swir16: at("swir16"),
        swir22: at("swir22"),
      });
      worst = Math.max(worst, Number.isNaN(wanted) ? 0 : Math.abs(found[pixel]! - wanted));
      compared += Number.isFinite(wanted) ? 1 : 0;
    }
    expect(compared).toBe(pixels);
    expect(worst).toBeLessThan(1e-12);
  });

  it("dnbr is the burn ratio before minus after", () => {
    const bands = {
      "pre.nir": Float32Array.of(0.4),
      "pre.swir22": Float32Array.of(0.1),
      "post.nir": Float32Array.of(0.15),
      "post.swir22": Float32Array.of(0.25),
    };
    expect(spectralIndex("dnbr").evaluate(bands)[0]).toBeCloseTo(0.6 + 0.25, 6);
  });

  it("names its bands, and refuses to do without one", () => {
    expect(spectralIndex("evi").bands).toEqual(["nir", "red", "blue"]);
    const nir = Float32Array.of(1);
    expect(() => spectralIndex("ndvi").evaluate({ nir, rde: nir })).toThrow(
      "needs band \"red\" (did you mean 'rde'?); there are: nir, rde",
    );
    expect(() => spectralIndex("ndvi").evaluate({ nir, red: new Float32Array(2) })).toThrow(
      'Band "red" has 2 pixels; 1 are to be computed',
    );
  });

  it("keeps NaN, and makes it of a division by zero", () => {
    const nir = Float32Array.of(Number.NaN, 0, 0.5, 0.25);
    const red = Float32Array.of(0.1, 0, Number.NaN, 0.25);
    expect([...spectralIndex("ndvi").evaluate({ nir, red })]).toEqual([Number.NaN, Number.NaN, Number.NaN, 0]);
  });

  it("are expressions anybody could have written", () => {
    for (const [name, { formula }] of Object.entries(indexCatalogue)) {
      expect(indexOrExpression(name).bands).toEqual(compileExpression(formula).bands);
    }
  });
});

describe("band expressions", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["10 - 4 - 3", 3],
    ["-2 ^ 2", -4],
    ["2 ^ 3 ^ 2", 512],
    ["10 / 5", 2],
    ["1 / (1 / 0)", Number.NaN],
    ["2 ^ -1", 0.5],
    ["9 ^ 0.5", 3],
    ["-1.5e-1", -0.15],
    [".5", 0.5],
    ["min(3, 1, 2)", 1],
    ["max(3, 1, 2)", 3],
    ["abs(-2) + sqrt(16)", 6],
    ["log(1)", 0],
    ["clamp(5, 0, 1)", 1],
    ["2 > 1", 1],
    ["2 <= 1", 0],
    ["1 != 1", 0],
    ["1 > 2 ? 3 : 4 == 4 ? 5 : 6", 5],
    ["(1 / 0) < 3 ? 1 : 2", Number.NaN],
    ["min(1, 0 / 0)", Number.NaN],
    ["log(0)", Number.NaN],
    ["sqrt(-1)", Number.NaN],
    ["10 ^ 400", Number.NaN],
  ])("%s is %d", (text, value) => {
    expect(valueOf(text)).toBe(value);
  });

  it.each([
    ["nir - foo(red)", /position 7: unknown function "foo"\n {2}nir - foo\(red\)\n {8}\^$/],
    ["sqr(red)", /unknown function "sqr" \(did you mean 'sqrt'\?\)/],
    ["", /position 1: a number, a band or a parenthesis expected before the end/],
    ["nir +", /position 6: .* expected before the end/],
    ["(nir", /position 5: "\)" expected before the end/],
    ["nir red", /position 5: an operator expected, not "red"/],
    ["nir; process", /position 4: ";" means nothing here/],
    ["min(nir)", /position 1: min takes 2 to 8 arguments, not 1/],
    ["1 < 2 < 3", /position 7: comparisons cannot be chained/],
    ["1 ? 2", /position 6: ":" expected before the end/],
    [`${"(".repeat(60)}1${")".repeat(60)}`, /position 52: nested deeper than 50 levels/],
    ["-".repeat(60) + "1", /nested deeper than 50 levels/],
    ["1+".repeat(600) + "1", /has 1201 characters; the limit is 1000/],
    [Array.from({ length: 40 }, (_, band) => `b${band}`).join("+"), /reads 40 bands; the limit is 32/],
  ])("says what is wrong with %j", (text, message) => {
    expect(problem(text)).toMatch(/^SG_SATELLITE_EXPRESSION: /);
    expect(problem(text)).toMatch(message);
  });

  it("knows no names but those of bands", () => {
    expect(compileExpression("constructor + __proto__").bands).toEqual(["constructor", "__proto__"]);
    expect(() => compileExpression("toString").evaluate({})).toThrow('needs band "toString"; there are: none');
  });

  it.each([
    ["Uint8Array", Uint8Array.of(0, 255)],
    ["Int8Array", Int8Array.of(-128, 127)],
    ["Uint16Array", Uint16Array.of(0, 65_535)],
    ["Int16Array", Int16Array.of(-32_768, 32_767)],
    ["Uint32Array", Uint32Array.of(0, 4_294_967_295)],
    ["Int32Array", Int32Array.of(-2_147_483_648, 2_147_483_647)],
    ["Float32Array", Float32Array.of(-0.5, 1e20)],
    ["Float64Array", Float64Array.of(-0.1, 1e300)],
  ])("takes a %s as it is", (_kind, values) => {
    expect([...compileExpression("b").evaluate({ b: values }, new Float64Array(2))]).toEqual([...values]);
  });

  it("computes blocks of any length like a plain loop", () => {
    const value = fc.float({ noNaN: false, noDefaultInfinity: true, min: -2, max: 2 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9000 }), value, value, (pixels, first, second) => {
        const a = Float32Array.from({ length: pixels }, (_, pixel) => first + (pixel % 7));
        const b = Float32Array.from({ length: pixels }, (_, pixel) => second - (pixel % 5));
        const found = compileExpression("max(a, b) ^ 3 - abs(a * b) / 2").evaluate({ a, b }, new Float64Array(pixels));
        const wanted = Float64Array.from(a, (x, pixel) => Math.max(x, b[pixel]!) ** 3 - Math.abs(x * b[pixel]!) / 2);
        const isOff = (value: number, pixel: number): boolean =>
          Number.isNaN(value) !== Number.isNaN(wanted[pixel]!) || Math.abs(value - wanted[pixel]!) > 1e-12;
        expect(found.findIndex(isOff)).toBe(-1);
      }),
      { numRuns: 40 },
    );
  });

  it("computes logarithms to the last digits, of every number that has one", () => {
    const values = Float64Array.from([
      1,
      2,
      0.5,
      10,
      Math.E,
      1.4142135623730951,
      1.414213562373095,
      0.7071,
      0.9999999999,
      1e-300,
      1e300,
      3e-5,
      123.456,
    ]);
    const found = compileExpression("log(b)").evaluate({ b: values }, new Float64Array(values.length));
    for (const [place, value] of values.entries()) {
      // Two units in the last place of the larger of exponent part and result.
      expect(Math.abs(found[place]! - Math.log(value))).toBeLessThanOrEqual(
        5e-16 * Math.max(1e-10, Math.abs(Math.log(value))),
      );
    }
    const none = Float64Array.of(0, -1, Number.NaN, Infinity, -Infinity);
    expect([...compileExpression("log(b)").evaluate({ b: none }, new Float64Array(5))].every(Number.isNaN)).toBe(true);
  });

  it("stores no overflow, not in 32 bits either", () => {
    expect(compileExpression("b * 1e30").evaluate({ b: Float32Array.of(1, 1e10) })).toEqual(
      Float32Array.of(1e30, Number.NaN),
    );
  });

  it("computes what is written twice as if it were written once", () => {
    const b = Float64Array.of(0.25, Number.NaN, 4);
    const twice = compileExpression("(b + 1) / 2 > 1 ? sqrt((b + 1) / 2) : (b + 1) / 2 - (b + 1)");
    expect([...twice.evaluate({ b }, new Float64Array(3))]).toEqual([0.625 - 1.25, Number.NaN, Math.sqrt(2.5)]);
  });

  it("computes a rectangle of bands as they are stored, with their scale, without what says that nothing was observed", () => {
    const sum = compileExpression("a + 2 * b");
    const rowPixels = 70;
    const a = Uint16Array.from({ length: 100 * rowPixels }, (_, index) => index % 11);
    const b = Float32Array.from({ length: 100 * rowPixels }, (_, index) => index);
    const output = new Float32Array(67 * 90);
    sum.evaluateWindow(
      {
        a: { values: a, start: 3 * rowPixels + 2, rowPixels, scale: 0.5, offset: 1, nodata: 4 },
        b: { values: b, start: 0, rowPixels, scale: 1, offset: 0, nodata: undefined },
      },
      { width: 67, height: 90 },
      output,
    );
    const wanted = output.map((_, pixel) => {
      const place = Math.floor(pixel / 67) * rowPixels + (pixel % 67);
      const number = a[place + 3 * rowPixels + 2] ?? 0;
      return number === 4 ? Number.NaN : number * 0.5 + 1 + 2 * place;
    });
    expect(output).toEqual(wanted);
    // What one rectangle was read with does not stay for the next numbers.
    expect([...sum.evaluate({ a: a.subarray(0, 5), b: b.subarray(0, 5) })]).toEqual([0, 3, 6, 9, 12]);
  });

  it("never fails with anything but a typed error", () => {
    const soup = fc.string({ unit: fc.constantFrom(..."a1.+-*/^(),?:<>= min".split("")), maxLength: 30 });
    fc.assert(
      fc.property(soup, (text) => {
        expect(problem(text)).toMatch(/^(no error|SG_SATELLITE_EXPRESSION: )/);
      }),
      { numRuns: 3000 },
    );
  });
});
