import fc from "fast-check";
import { expect, test } from "vitest";
import { sharedFile } from "../../../../../../test/support/shared-files.ts";
import { pixelOf, readArdPixel, readPixel, readRows } from "./ccdc.fixture.ts";
import { detectCcdc } from "./ccdc.ts";
import { ccdcOptionsSchema } from "./ccdc-options.ts";
import { ccdcQuality, qualityOfArdBits } from "./ccdc-observations.ts";
import { DAY_NUMBER_OF_1970 } from "./lasso.ts";

const options = ccdcOptionsSchema.parse({});

test("the reference pixel has the reference's ten segments: every start, end and coefficient", (context) => {
  const pixel = readPixel(sharedFile(context, "testdata/satellite/pyccd/test_3657_3610_observations.csv"));
  const reference = readRows(sharedFile(context, "testdata/satellite/pyccd/test_3657_3610_coefficients.csv"));
  const { path, segments } = detectCcdc(pixel, options);
  expect(path).toBe("standard");
  const days = segments.map(({ startDay, endDay }) => [startDay + DAY_NUMBER_OF_1970, endDay + DAY_NUMBER_OF_1970]);
  const wanted = Array.from({ length: 10 }, (_, segment) => reference[8 * segment]!.slice(0, 2));
  expect(days).toEqual(wanted);
  let worst = 0;
  for (const [segment, { coefficients }] of segments.entries())
    for (const [band, own] of coefficients.entries())
      for (const [term, value] of own.entries()) {
        const known = reference[8 * segment + term]![band + 2]!;
        // Trends are small numbers times day numbers near 730,000: 1e-5 of one is a hundredth of the band's step.
        worst = Math.max(worst, Math.abs(value - known) / Math.max(1e-3, Math.abs(known)));
      }
  expect(worst).toBeLessThan(0.001);
});

test("pixels go the way their quality asks for", (context) => {
  const folder = "testdata/satellite/pyccd";
  const normal = detectCcdc(
    readPixel(sharedFile(context, `${folder}/sample_WA_grid08_row999_col1_normal.csv`)),
    options,
  );
  expect([normal.path, normal.segments.map(({ kind }) => kind)]).toEqual(["standard", ["stable"]]);
  const failed = readPixel(sharedFile(context, `${folder}/sample_WA_grid08_row12_col2265_fmask_fail.csv`));
  const snow = detectCcdc(failed, options);
  expect([snow.path, snow.segments.map(({ kind, size }) => [kind, size])]).toEqual(["snow", [["snow", 4]]]);
  const bare = {
    ...failed,
    quality: failed.quality.map((own) => (own === ccdcQuality.snow ? ccdcQuality.cloud : own)),
  };
  const few = detectCcdc(bare, options);
  expect([few.path, few.segments.map(({ kind, size }) => [kind, size])]).toEqual(["few-clear", [["few-clear", 4]]]);
});

test("pixels of Landsat ARD: permanent snow has one simple curve, a mostly clear one is followed", (context) => {
  const folder = "testdata/satellite/pyccd";
  const snow = detectCcdc(
    readArdPixel(sharedFile(context, `${folder}/h04v03_-1947105_2846265_pixel_snow.npy`)),
    options,
  );
  expect([snow.path, snow.segments.map(({ kind, size }) => [kind, size])]).toEqual(["snow", [["snow", 4]]]);
  const file = sharedFile(context, `${folder}/h04v03_-1945155_2844645_pixel_startfit.npy`);
  const { path, segments } = detectCcdc(readArdPixel(file), options);
  expect(path).toBe("standard");
  // The first clear observation of the series: 3 July 1984.
  expect(segments[0]?.startDay).toBe(5297);
});

/** A pixel every 16 days over eight years, and from `changed` on another one. */
function rows(changed: number, step: number, clouded: (index: number) => boolean = () => false): number[][] {
  return Array.from({ length: 180 }, (_, index) => {
    const day = 727_000 + 16 * index;
    const season = Math.cos((2 * Math.PI * day) / 365.25);
    // A wobble that repeats after seven observations: noise that is the same everywhere.
    const wobble = 12 * (((index * 3) % 7) - 3);
    const after = index >= changed ? step : 0;
    const bands = [300, 500, 400, 3000, 1500, 800].map(
      (level, band) => level + 60 * season * (band + 1) + wobble + after,
    );
    return [day, ...bands, 2900 + 50 * season, clouded(index) ? ccdcQuality.cloud : ccdcQuality.clear];
  });
}

test("a change of a constructed pixel is dated to the first observation after it", () => {
  const { segments } = detectCcdc(pixelOf(rows(100, 900)), options);
  expect(segments.map(({ kind, changeProbability }) => [kind, changeProbability])).toEqual([
    ["stable", 1],
    ["stable", 0],
  ]);
  expect(segments[0]?.breakDay).toBe(727_000 + 1600 - 719_163);
  expect(segments[0]?.magnitudes[3]).toBeGreaterThan(700);
  expect(segments[1]?.startDay).toBe(segments[0]?.breakDay);
});

test("a pixel that stays has one segment, and one with too few observations none", () => {
  expect(detectCcdc(pixelOf(rows(999, 0)), options).segments).toHaveLength(1);
  expect(detectCcdc(pixelOf(rows(999, 0).slice(0, 8)), options).segments).toHaveLength(0);
});

test("clouded observations, and the order in which observations come, change nothing", () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (numbers) => {
      const next = (): number => numbers.next().value ?? 0;
      const clear = rows(100, 900).filter((_, index) => index % 5 !== 4);
      const clouds = clear
        .slice(0, 40)
        .map((row) => [row[0]! + 3, ...row.slice(1, 8).map((value) => value * next()), 4]);
      const mixed = [...clear, ...clouds].map((row) => ({ row, key: next() })).toSorted((a, b) => a.key - b.key);
      expect(detectCcdc(pixelOf(mixed.map(({ row }) => row)), options)).toEqual(detectCcdc(pixelOf(clear), options));
    }),
    { numRuns: 5 },
  );
});

test("bits of Landsat ARD: what hides the ground wins over clear", () => {
  expect([...qualityOfArdBits([1, 2, 2 | 4, 2 | 8, 16, 32 | 8, 1024])]).toEqual([
    ccdcQuality.fill,
    ccdcQuality.clear,
    ccdcQuality.water,
    ccdcQuality.shadow,
    ccdcQuality.snow,
    ccdcQuality.cloud,
    ccdcQuality.cloud,
  ]);
});

test("a pixel without all seven bands is refused", () => {
  const pixel = pixelOf(rows(999, 0));
  expect(() => detectCcdc({ ...pixel, bands: pixel.bands.slice(1) }, options)).toThrow(/7 bands/);
});
