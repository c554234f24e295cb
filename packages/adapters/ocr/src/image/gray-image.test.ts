import fc from "fast-check";
import { expect, test } from "vitest";
import { crop, type GrayImage, shrink, toPgm, trimWhite, turnClockwise } from "./gray-image.ts";

const image: GrayImage = { data: Uint8Array.of(1, 2, 3, 4, 5, 6), widthPixels: 3, heightPixels: 2 };

test("a quarter turn clockwise brings the left column to the top", () => {
  expect(turnClockwise(image, 1)).toEqual({ data: Uint8Array.of(4, 1, 5, 2, 6, 3), widthPixels: 2, heightPixels: 3 });
  expect(turnClockwise(image, 3)).toEqual({ data: Uint8Array.of(3, 6, 2, 5, 1, 4), widthPixels: 2, heightPixels: 3 });
});

test("turning back gives the same image", () => {
  const images = fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
    .chain(([widthPixels, heightPixels]) =>
      fc
        .uint8Array({ minLength: widthPixels * heightPixels, maxLength: widthPixels * heightPixels })
        .map((data) => ({ data, widthPixels, heightPixels })),
    );
  fc.assert(
    fc.property(images, fc.constantFrom(0, 1, 2, 3), (original, turns) => {
      const back = ((4 - turns) % 4) as 0 | 1 | 2 | 3; // below 4
      expect(turnClockwise(turnClockwise(original, turns as 0 | 1 | 2 | 3), back)).toEqual(original);
    }),
    { seed: 5, numRuns: 100 },
  );
});

test("cropping is cut at the edges", () => {
  expect(crop(image, [1, -5, 99, 1])).toEqual({ data: Uint8Array.of(2, 3), widthPixels: 2, heightPixels: 1 });
});

test("white margins are trimmed", () => {
  const data = Uint8Array.of(255, 255, 255, 255, 255, 9, 255, 255, 255, 255, 8, 255);
  expect(trimWhite({ data, widthPixels: 4, heightPixels: 3 })).toEqual({
    data: Uint8Array.of(9, 255, 255, 8),
    widthPixels: 2,
    heightPixels: 2,
  });
  expect(trimWhite({ data: Uint8Array.of(255, 255), widthPixels: 2, heightPixels: 1 }).data).toHaveLength(0);
});

test("shrinking takes means and drops the rest at the edges", () => {
  const large = { data: Uint8Array.of(0, 4, 9, 8, 4, 9), widthPixels: 3, heightPixels: 2 };
  expect(shrink(large, 2)).toEqual({ data: Uint8Array.of(4), widthPixels: 1, heightPixels: 1 });
});

test("a PGM is a header and the pixels", () => {
  expect(Buffer.from(toPgm(image)).toString("latin1")).toBe("P5\n3 2\n255\n\u0001\u0002\u0003\u0004\u0005\u0006");
});
