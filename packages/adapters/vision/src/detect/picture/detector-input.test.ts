import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { detectorInput } from "./detector-input.ts";
import { resizeBilinear } from "./resize-bilinear.ts";

/** A picture of one colour. */
const plain = (widthPixels: number, heightPixels: number, colour: readonly [number, number, number]) => ({
  widthPixels,
  heightPixels,
  data: Uint8Array.from({ length: widthPixels * heightPixels * 3 }, (_, index) => colour[index % 3] ?? 0),
});
const grey = (widthPixels: number, ...values: readonly number[]) => ({
  widthPixels,
  heightPixels: values.length / widthPixels,
  data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
});
const reds = (image: { readonly data: Uint8Array }) => [...image.data].filter((_, index) => index % 3 === 0);

describe("resizeBilinear", () => {
  // What OpenCV 5.0.0 gives: cv2.resize(np.uint8([[0, 100, 200, 40]]), (n, 1)).
  test.each([
    [2, [50, 120]],
    [3, [17, 150, 67]],
    [6, [0, 50, 117, 183, 120, 40]],
    [8, [0, 25, 75, 125, 175, 160, 80, 40]],
  ])("scales a row of 4 pixels to %i as OpenCV does", (width, expected) => {
    expect(reds(resizeBilinear(grey(4, 0, 100, 200, 40), width, 1))).toEqual(expected);
  });

  test("scales rows as it scales columns", () => {
    expect(reds(resizeBilinear(grey(1, 0, 100, 200, 40), 1, 3))).toEqual([17, 150, 67]);
  });

  test("changes nothing at the same size, and nothing of one colour at any", () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        size,
        size,
        size,
        size,
        fc.uint8Array({ minLength: 432, maxLength: 432 }),
        (w, h, toW, toH, noise) => {
          const image = { widthPixels: w, heightPixels: h, data: noise.slice(0, w * h * 3) };
          expect(resizeBilinear(image, w, h)).toEqual(image);
          expect(resizeBilinear(plain(w, h, [1, 2, 3]), toW, toH)).toEqual(plain(toW, toH, [1, 2, 3]));
        },
      ),
    );
  });
});

describe("detectorInput", () => {
  const base = { widthPixels: 4, heightPixels: 4, mean: 0, divisor: 1, pad: 114 } as const;

  test("puts a letterboxed picture at the top left, blue first", () => {
    const { values, scaleX, scaleY } = detectorInput(plain(8, 4, [1, 2, 3]), {
      ...base,
      fit: "letterbox",
      colours: "bgr",
    });
    const plane = (value: number) => [
      ...Array.from({ length: 8 }, () => value),
      ...Array.from({ length: 8 }, () => 114),
    ];
    expect([...values]).toEqual([...plane(3), ...plane(2), ...plane(1)]);
    expect([scaleX, scaleY]).toEqual([0.5, 0.5]);
  });

  test("fills the input when it squashes, red first, and normalises", () => {
    const { values, scaleX, scaleY } = detectorInput(plain(8, 2, [127, 255, 63]), {
      ...base,
      fit: "squash",
      colours: "rgb",
      mean: 127,
      divisor: 128,
    });
    const plane = (value: number) => Array.from({ length: 16 }, () => value);
    expect([...values]).toEqual([...plane(0), ...plane(1), ...plane(-0.5)]);
    expect([scaleX, scaleY]).toEqual([0.5, 2]);
  });

  test("keeps at least a pixel of a picture that is a line", () => {
    const { values } = detectorInput(plain(1, 500, [9, 9, 9]), { ...base, fit: "letterbox", colours: "rgb" });
    expect([...values].filter((value) => value === 9)).toHaveLength(3 * 4);
  });
});
