import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RgbImage } from "../../decode/rgb-image.ts";
import { frameImage } from "./frame-image.ts";
import { resizeBicubic } from "./resize-bicubic.ts";

/** A picture with slopes, edges and noise: what each colour of each pixel is. */
function pattern(widthPixels: number, heightPixels: number): RgbImage {
  const data = new Uint8Array(widthPixels * heightPixels * 3);
  for (let y = 0; y < heightPixels; y++) {
    for (let x = 0; x < widthPixels; x++)
      data.set([(x * 7 + y * 13) % 256, (x * x + 3 * y) % 256, ((x ^ y) * 5) % 256], (y * widthPixels + x) * 3);
  }
  return { data, widthPixels, heightPixels };
}

const whole = (widthPixels: number, heightPixels: number) => ({
  resized: { widthPixels, heightPixels },
  kept: { leftPixels: 0, topPixels: 0, widthPixels, heightPixels },
});

describe("resizeBicubic", () => {
  // sha256 of what Pillow 13.0.0 makes of the pattern: Image.fromarray(pattern).resize(size, Image.BICUBIC).tobytes()
  test.each([
    ["smaller", 61, 37, 24, 15, "a371bf82f2f15c0a526afe4378653e3ab2b0f48c10e91e440dc2044ef8afc327"],
    ["larger", 13, 9, 40, 31, "9abf6dace63195679c5ebe54c5ddd3d4a5da17f438af2cae5c0b4536784fbe39"],
    ["another shape", 301, 200, 64, 64, "946602a45b7c84f5f491781e3a122e406cf2e4453084558959c2cde34f15953b"],
    ["only lower", 50, 50, 50, 20, "c4abc5fe6e96673a1643bf1066abd8fbe035e5c4670372e279c1841ed7808bf2"],
    ["one pixel larger", 1, 1, 5, 7, "523c41464ee47d61350e15bc091bc970d73ae2d00bfe7a88bc7fe00ae6202c75"],
    ["a ribbon", 2000, 3, 17, 5, "0fc0e0916711612fe22c81bb06e10866cfcdbcb6c8f6eed45e4503c86db964aa"],
  ])("makes of %s what PIL makes of it, bit by bit", (_what, width, height, toWidth, toHeight, digest) => {
    const { data } = resizeBicubic(pattern(width, height), whole(toWidth, toHeight));
    expect(createHash("sha256").update(data).digest("hex")).toBe(digest);
  });

  test("to the same size is identity", () => {
    const image = pattern(31, 17);
    expect(resizeBicubic(image, whole(31, 17))).toEqual(image);
  });

  test("computes a part as it lies in the whole", () => {
    const side = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 24 }), (width, height, size) => {
        const framing = frameImage({ widthPixels: width, heightPixels: height }, size, "crop");
        const { resized, kept } = framing;
        const part = resizeBicubic(pattern(width, height), framing);
        const all = resizeBicubic(pattern(width, height), whole(resized.widthPixels, resized.heightPixels));
        const rows = Array.from({ length: size }, (_, y) => {
          const start = ((kept.topPixels + y) * resized.widthPixels + kept.leftPixels) * 3;
          return [...all.data.subarray(start, start + size * 3)];
        });
        expect([...part.data]).toEqual(rows.flat());
      }),
      { numRuns: 60 },
    );
  });
});

describe("frameImage", () => {
  const kept = (leftPixels: number, topPixels: number) => ({
    leftPixels,
    topPixels,
    widthPixels: 224,
    heightPixels: 224,
  });

  test.each([
    ["wide", 640, 427, 335, 224, kept(55, 0)],
    ["high", 37, 61, 224, 369, kept(0, 72)],
    ["square", 500, 500, 224, 224, kept(0, 0)],
  ])(
    "scales the shorter side of a %s picture and keeps the middle",
    (_shape, width, height, toWidth, toHeight, middle) => {
      expect(frameImage({ widthPixels: width, heightPixels: height }, 224, "crop")).toEqual({
        resized: { widthPixels: toWidth, heightPixels: toHeight },
        kept: middle,
      });
    },
  );

  test("keeps all of a picture that is squashed", () => {
    expect(frameImage({ widthPixels: 640, heightPixels: 427 }, 224, "squash")).toEqual({
      resized: { widthPixels: 224, heightPixels: 224 },
      kept: kept(0, 0),
    });
  });
});
