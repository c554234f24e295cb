import fc from "fast-check";
import { expect, test } from "vitest";
import { insidePicture } from "./inside-picture.ts";

const size = { widthPixels: 100, heightPixels: 50 };
const boxesOf = (...boxes: readonly (readonly [number, number, number, number])[]) =>
  insidePicture(
    boxes.map((box) => ({ classId: 3, score: 0.123456, box })),
    size,
  ).map(({ box }) => box);

test("boxes are cut to the picture, and rounded to a hundredth of a pixel", () => {
  expect(boxesOf([-5, -5, 120, 60], [10.123456, 20, 30, 40])).toEqual([
    [0, 0, 100, 50],
    [10.12, 20, 30, 40],
  ]);
});

test("boxes of which nothing is left are dropped, and so are those without a size or a number", () => {
  expect(boxesOf([101, 0, 120, 10], [0, -9, 10, 0], [5, 5, 5, 9], [5, 9, 9, 5], [Number.NaN, 0, 9, 9])).toEqual([]);
});

test("whatever a model says, boxes lie inside the picture", () => {
  const wild = fc.oneof(fc.double({ min: -1e9, max: 1e9 }), fc.constantFrom(Infinity, -Infinity, Number.NaN));
  fc.assert(
    fc.property(fc.array(fc.tuple(wild, wild, wild, wild)), (boxes) => {
      const outside = boxesOf(...boxes).filter(
        ([left, top, right, bottom]) =>
          !(0 <= left && left < right && right <= 100 && 0 <= top && top < bottom && bottom <= 50),
      );
      expect(outside).toEqual([]);
    }),
  );
});
