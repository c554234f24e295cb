import { expect, test } from "vitest";
import { imageCoverage } from "./image-coverage.ts";

const prepared = { pixelValues: new Float32Array(0), widthPixels: 40, heightPixels: 20, keptPixels: 800, pages: 1 };

test("a picture inside the frame was seen whole", () => {
  expect(imageCoverage(prepared)).toEqual({ measure: "pixel", done: 800, of: 800, missing: [] });
});

test.each([
  ["left and right", prepared],
  ["top and bottom", { ...prepared, widthPixels: 20, heightPixels: 40 }],
])("what lies outside at the %s is named", (sides, size) => {
  expect(imageCoverage({ ...size, keptPixels: 400 })).toEqual({
    measure: "pixel",
    done: 400,
    of: 800,
    missing: [{ what: `the margins at the ${sides}`, reason: 'the model sees a square: the middle, with fit "crop"' }],
  });
});

test("further pictures of the file are named", () => {
  expect(imageCoverage({ ...prepared, pages: 3 })).toEqual({
    measure: "pixel",
    done: 800,
    of: 2400,
    missing: [{ what: "pictures 2-3 of the file", reason: "only the first is embedded" }],
  });
});
