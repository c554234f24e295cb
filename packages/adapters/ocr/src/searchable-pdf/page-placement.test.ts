import { expect, test } from "vitest";
import { textPage } from "../../../../../test/support/page-text-fixture.ts";
import { pixelToPage } from "./page-placement.ts";

const frame = { cropBox: [50, 20, 350, 420], rotationDegrees: 0 } as const;
// 300 x 400 points at 144 dpi
const upright = textPage([], { widthPixels: 600, heightPixels: 800, dpi: 144 });

function near([x, y]: readonly [number, number]): readonly [number, number] {
  return [Math.round(x * 1e6) / 1e6 + 0, Math.round(y * 1e6) / 1e6 + 0];
}

test("pixels of an upright page count from the upper left corner of the crop box", () => {
  expect(near(pixelToPage(upright, frame)(0, 0))).toEqual([50, 420]);
  expect(near(pixelToPage(upright, frame)(20, 40))).toEqual([60, 400]);
});

test.each([
  // /Rotate 90: what is shown at the upper left is the lower left of the page.
  [90, [50, 20]],
  [180, [350, 20]],
  [270, [350, 420]],
] as const)("the first pixel of a page with /Rotate %i is at %j", (rotationDegrees, corner) => {
  const page = rotationDegrees === 180 ? upright : { ...upright, widthPixels: 800, heightPixels: 600 };
  expect(near(pixelToPage(page, { ...frame, rotationDegrees })(0, 0))).toEqual(corner);
});

test("a quarter turn undone before reading is made again", () => {
  // The scan lay on its side, turned clockwise: its first line runs down the right edge of what is shown.
  const page = { ...upright, widthPixels: 800, heightPixels: 600, rotationDegrees: 90 as const };
  expect(near(pixelToPage(page, frame)(0, 0))).toEqual([350, 420]);
  expect(near(pixelToPage(page, frame)(800, 0))).toEqual([350, 20]);
});

test("a quarter turn undone by hand cancels the page's own", () => {
  const page = { ...upright, rotationDegrees: 90 as const };
  expect(near(pixelToPage(page, { ...frame, rotationDegrees: 90 })(0, 0))).toEqual([50, 420]);
});

test("skew is put back about the centre, whatever canvas deskewing made", () => {
  const place = pixelToPage({ ...upright, widthPixels: 640, heightPixels: 840, skewDegrees: 2 }, frame);
  expect(near(place(320, 420))).toEqual([200, 220]);
  // Clockwise skew: a line falls to the right.
  const [x, y] = place(520, 420);
  expect(x).toBeCloseTo(200 + 100 * Math.cos((2 * Math.PI) / 180), 6);
  expect(y).toBeCloseTo(220 - 100 * Math.sin((2 * Math.PI) / 180), 6);
});
